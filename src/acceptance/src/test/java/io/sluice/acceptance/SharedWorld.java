package io.sluice.acceptance;

import io.sluice.acceptance.process.Checkout;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one world, whose control plane takes long to start. Each class adds hosts and
 * dataplanes of its own.
 */
public final class SharedWorld implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == World.class;
  }

  @Override
  public World resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedWorld.class))
        .computeIfAbsent(World.class, key -> start(), World.class);
  }

  private static World start() {
    List<String> missing = Checkout.missing();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(String.join("\n", missing));
    }
    try {
      World world = World.create(0);
      try {
        world.controlPlane().awaitReady();
        return world;
      } catch (RuntimeException e) {
        world.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException("this machine can't have the test's world", e);
    }
  }
}
