package io.sluice.controlplane.api;

import io.sluice.controlplane.store.ResourceKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page of what is in memory, ordered by name. */
record InMemoryPage<T>(long total, List<T> items, Optional<ResourceKey> nextAfter) {

  /**
   * The page that is asked for.
   *
   * @param part what names must contain; absent means that all count
   * @param every in the order of their names
   */
  static <T> InMemoryPage<T> of(
      Page page,
      String mesh,
      @Nullable String part,
      Collection<T> every,
      Function<T, String> name) {
    List<T> all =
        every.stream().filter(each -> part == null || name.apply(each).contains(part)).toList();
    String after = page.after().map(ResourceKey::name).orElse("");
    List<T> some =
        all.stream()
            .filter(each -> name.apply(each).compareTo(after) > 0)
            .limit(page.size() + 1L)
            .toList();
    if (some.size() <= page.size()) {
      return new InMemoryPage<>(all.size(), some, Optional.empty());
    }
    List<T> items = some.subList(0, page.size());
    return new InMemoryPage<>(
        all.size(), items, Optional.of(new ResourceKey("", mesh, name.apply(items.getLast()))));
  }

  <A> ListAnswer<A> answer(HttpServletRequest request, Function<T, A> form) {
    return ListAnswer.of(request, total, items.stream().map(form).toList(), nextAfter);
  }
}
