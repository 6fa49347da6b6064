package io.sluice.rendering.envoy;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * What was made for equal keys, for as long as anybody else holds it: what a thousand bundles have
 * in common is made once and is one object in all of them. It changes nothing but the cost.
 */
final class Held<K, V> {

  private final ConcurrentMap<K, Kept<K, V>> values = new ConcurrentHashMap<>();
  private final ReferenceQueue<V> dropped = new ReferenceQueue<>();

  /** The value of a key. Others who ask for the same meanwhile wait for it. */
  V of(K key, Function<? super K, ? extends V> make) {
    forgetDropped();
    Kept<K, V> kept = values.get(key);
    V known = kept == null ? null : kept.get();
    return known == null ? made(key, make) : known;
  }

  private V made(K key, Function<? super K, ? extends V> make) {
    AtomicReference<V> value = new AtomicReference<>();
    values.compute(
        key,
        (same, kept) -> {
          V known = kept == null ? null : kept.get();
          value.set(known == null ? make.apply(same) : known);
          return known == null ? new Kept<>(same, value.get(), dropped) : kept;
        });
    return value.get();
  }

  private void forgetDropped() {
    for (Reference<? extends V> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      if (gone instanceof Kept<?, ?> kept) {
        values.remove(kept.key, kept);
      }
    }
  }

  /** How many keys are known, those included whose value may be gone. */
  int size() {
    forgetDropped();
    return values.size();
  }

  private static final class Kept<K, V> extends WeakReference<V> {
    private final K key;

    Kept(K key, V value, ReferenceQueue<V> dropped) {
      super(value, dropped);
      this.key = key;
    }
  }
}
