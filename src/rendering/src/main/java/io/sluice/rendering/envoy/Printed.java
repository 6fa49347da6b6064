package io.sluice.rendering.envoy;

import com.google.protobuf.Message;
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
  private final Function<Message, String> print;
  private final Map<Message, String> texts = new LinkedHashMap<>(16, 0.75f, true);

  /** Holds up to so many texts; a message's text follows from the message alone. */
  Printed(int most, Function<Message, String> print) {
    this.most = most;
    this.print = print;
  }

  String of(Message message) {
    String held = held(message);
    if (held != null) {
      return held;
    }
    String text = print.apply(message);
    hold(message, text);
    return text;
  }

  private synchronized @Nullable String held(Message message) {
    return texts.get(message);
  }

  private synchronized void hold(Message message, String text) {
    texts.put(message, text);
    if (texts.size() > most) {
      texts.remove(texts.keySet().iterator().next());
    }
  }
}
