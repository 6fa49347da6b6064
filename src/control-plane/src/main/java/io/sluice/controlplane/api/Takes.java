package io.sluice.controlplane.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The schema of a body, which the reader of documents reads and not Spring. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Takes {

  String MESH = "Mesh";
  String DATAPLANE = "Dataplane";
  String TRANSPARENT_PROXY = "MeshTransparentProxy";
  String VIRTUAL_OUTBOUND = "VirtualOutbound";
  String STREAM = "DocumentStream";
  String TOKEN_REQUEST = "DataplaneTokenRequest";
  String PACKET = "Packet";

  /** A name among the schemas of the published contract. */
  String value();

  /** Whether the body may be empty. */
  boolean optional() default false;
}
