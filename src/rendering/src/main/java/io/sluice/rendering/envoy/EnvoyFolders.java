package io.sluice.rendering.envoy;

import io.sluice.rendering.bundle.Content;
import io.sluice.rendering.bundle.Folder;
import java.util.Optional;

/**
 * All that one dataplane's Envoy and resolver are told of a mesh.
 *
 * @param envoy what is the dataplane's own
 * @param mesh what it shares with all that see the same services; absent when it sees none
 * @param hosts the names that its resolver answers; absent when there are none
 */
public record EnvoyFolders(Folder envoy, Optional<Folder> mesh, Optional<Content> hosts) {}
