package io.sluice.rendering.services;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;

/**
 * Gives one object for all equal ones, as long as anybody holds it. So what is worked out twice is
 * one thing to those who keep by identity what they made of it, and nothing has to be told apart
 * from its predecessor.
 */
final class Canonical<T> implements UnaryOperator<T> {

  private final Map<T, WeakReference<T>> known = new WeakHashMap<>();

  @Override
  public synchronized T apply(T fresh) {
    WeakReference<T> reference = known.get(fresh);
    T former = reference == null ? null : reference.get();
    if (former != null) {
      return former;
    }
    known.put(fresh, new WeakReference<>(fresh));
    return fresh;
  }
}
