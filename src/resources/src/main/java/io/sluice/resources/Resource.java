package io.sluice.resources;

import java.util.SortedMap;

/**
 * One document that operators write: it is named within its type, and within its mesh if it has
 * one.
 */
public interface Resource {

  /** The type as it stands in the document's {@code type} field, such as {@code Dataplane}. */
  String type();

  String name();

  /** Free labels of the resource itself. */
  SortedMap<String, String> labels();
}
