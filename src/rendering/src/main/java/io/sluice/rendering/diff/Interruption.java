package io.sluice.rendering.diff;

import io.sluice.resources.transparentproxy.EffectiveTransparentProxy;

/**
 * What a change cuts, or may cut.
 *
 * @param field the path of what was changed, in the resource that says so
 * @param origin that resource, such as {@code Dataplane web-01}, or {@code default}
 * @param consequence what becomes of which connections; a sentence for operators
 */
public record Interruption(String field, String origin, String consequence) {

  /** Caused by a setting that may stand in a policy or, under another name, in the dataplane. */
  static Interruption ofSetting(RenderedHost host, String setting, String consequence) {
    String origin =
        host.effective().origins().getOrDefault(setting, EffectiveTransparentProxy.DEFAULT);
    return new Interruption(
        origin.startsWith("Dataplane ") ? inDataplane(setting) : setting, origin, consequence);
  }

  static Interruption ofDataplane(RenderedHost host, String field, String consequence) {
    return new Interruption(field, "Dataplane " + host.dataplane().name(), consequence);
  }

  static Interruption ofMesh(RenderedHost host, String field, String consequence) {
    return new Interruption(field, "Mesh " + host.mesh().name(), consequence);
  }

  private static String inDataplane(String setting) {
    return switch (setting) {
      case "redirect.inbound.port" -> "networking.transparentProxying.redirectPortInbound";
      case "redirect.outbound.port" -> "networking.transparentProxying.redirectPortOutbound";
      case "ipFamilyMode" -> "networking.transparentProxying.ipFamilyMode";
      case "mode" -> "networking.transparentProxying";
      default -> setting;
    };
  }
}
