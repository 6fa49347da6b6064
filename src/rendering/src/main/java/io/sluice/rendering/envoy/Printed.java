package io.sluice.rendering.envoy;

import com.google.protobuf.Message;
import io.sluice.rendering.bundle.Content;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What equal messages were printed as: most resources of a host are those of all other hosts with
 * the same settings, and printing one takes longer than all else that is done for it. Those asked
 * for least recently are forgotten.
 */
final class Printed {

  private final int most;
  private final Function<Message, Content> print;
  private final Map<Message, Content> texts = new LinkedHashMap<>(16, 0.75f, true);

  /** Holds up to so many texts; a message's text follows from the message alone. */
  Printed(int most, Function<Message, Content> print) {
    this.most = most;
    this.print = print;
  }

  Content of(Message message) {
    Content held = held(message);
    if (held != null) {
      return held;
    }
    Content text = print.apply(message);
    hold(message, text);
    return text;
  }

  private synchronized @Nullable Content held(Message message) {
    return texts.get(message);
  }

  private synchronized void hold(Message message, Content text) {
    texts.put(message, text);
    if (texts.size() > most) {
      texts.remove(texts.keySet().iterator().next());
    }
  }
}
