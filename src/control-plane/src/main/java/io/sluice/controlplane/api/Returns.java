package io.sluice.controlplane.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The schema of an answer that is a document, of which Java knows no more than that. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Returns {

  String MESH = "Mesh";
  String MESH_LIST = "MeshList";
  String DATAPLANE = "Dataplane";
  String DATAPLANE_LIST = "DataplaneList";
  String TRANSPARENT_PROXY = "MeshTransparentProxy";
  String TRANSPARENT_PROXY_LIST = "MeshTransparentProxyList";
  String VIRTUAL_OUTBOUND = "VirtualOutbound";
  String VIRTUAL_OUTBOUND_LIST = "VirtualOutboundList";
  String HOST_FACTS = "HostFacts";
  String CONFIG_DUMP = "EnvoyConfigDump";

  /** A name among the schemas of the published contract. */
  String value();
}
