package io.sluice.resources.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes trees as text: JSON on one line, YAML in block style with quotes only where some reader
 * would otherwise not see a text. The same tree gives the same text.
 */
public final class DocumentWriter {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ImplicitTuple NO_TAG = new ImplicitTuple(true, true);
  private static final DumpSettings BLOCK =
      DumpSettings.builder()
          .setDefaultFlowStyle(FlowStyle.BLOCK)
          .setSplitLines(false)
          .setUseUnicodeEncoding(true)
          .setBestLineBreak("\n")
          .build();

  private DocumentWriter() {}

  /** One document. YAML ends with a line break and has no {@code ---}. */
  public static String write(JsonNode tree, Format format) {
    return switch (format) {
      case JSON -> JSON.writeValueAsString(tree);
      case YAML -> yaml(List.of(tree));
    };
  }

  /** Several documents as a YAML stream. */
  public static String yaml(List<? extends JsonNode> trees) {
    List<Event> events = new ArrayList<>();
    events.add(new StreamStartEvent());
    for (JsonNode tree : trees) {
      events.add(new DocumentStartEvent(trees.size() > 1, Optional.empty(), Map.of()));
      add(tree, events);
      events.add(new DocumentEndEvent(false));
    }
    events.add(new StreamEndEvent());
    return new Present(BLOCK).emitToString(events.iterator());
  }

  private static void add(JsonNode tree, List<Event> events) {
    FlowStyle style = tree.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK;
    if (tree.isObject()) {
      events.add(new MappingStartEvent(Optional.empty(), Optional.empty(), true, style));
      tree.properties()
          .forEach(
              entry -> {
                events.add(text(entry.getKey()));
                add(entry.getValue(), events);
              });
      events.add(new MappingEndEvent());
    } else if (tree.isArray()) {
      events.add(new SequenceStartEvent(Optional.empty(), Optional.empty(), true, style));
      tree.forEach(element -> add(element, events));
      events.add(new SequenceEndEvent());
    } else {
      events.add(
          tree.isString() ? text(tree.stringValue()) : scalar(tree.asString(), ScalarStyle.PLAIN));
    }
  }

  private static ScalarEvent text(String text) {
    if (text.indexOf('\n') >= 0) {
      return scalar(text, ScalarStyle.LITERAL);
    }
    return scalar(
        text, YamlScalars.needsQuotes(text) ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN);
  }

  private static ScalarEvent scalar(String text, ScalarStyle style) {
    return new ScalarEvent(Optional.empty(), Optional.empty(), NO_TAG, text, style);
  }
}
