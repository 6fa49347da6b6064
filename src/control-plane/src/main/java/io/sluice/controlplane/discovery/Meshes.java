package io.sluice.controlplane.discovery;

import io.sluice.controlplane.changes.MeshViews;
import io.sluice.controlplane.store.ResourceKey;
import io.sluice.resources.mesh.Mesh;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The names of all meshes, as the view shows them. */
@Component
class Meshes {

  private final Set<String> names = ConcurrentHashMap.newKeySet();

  Meshes(MeshViews views) {
    views.onChange(
        keys -> {
          for (ResourceKey key : keys) {
            if (key.type().equals(Mesh.TYPE)) {
              if (views.find(key).isPresent()) {
                names.add(key.name());
              } else {
                names.remove(key.name());
              }
            }
          }
        });
  }

  Set<String> names() {
    return Set.copyOf(names);
  }
}
