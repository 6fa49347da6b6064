package io.sluice.resources.document;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentReaderTest {

  @Test
  void yamlAndJsonOfOneContentAreEqual() {
    assertThat(DocumentReader.read("a: 1\nb: [x, true]\n".getBytes(UTF_8), Format.YAML))
        .isEqualTo(
            DocumentReader.read("{\"a\": 1, \"b\": [\"x\", true]}".getBytes(UTF_8), Format.JSON));
  }

  @ParameterizedTest
  @CsvSource({"yes", "010", "0x1f", "0o17", "12:30", "1_000", "2026-11-22", "+1", ".inf", "1e999"})
  void scalarsThatYaml11And12ReadDifferentlyStayTheText(String scalar) {
    assertThat(yaml("a: " + scalar)).isEqualTo("{\"a\":\"" + scalar + "\"}");
  }

  @Test
  void aliasesAndMergeKeysAreResolved() {
    assertThat(yaml("a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\n"))
        .isEqualTo("{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":1,\"y\":2},\"c\":{\"y\":3,\"x\":1}}");
  }

  @Test
  void aMergeKeyInQuotesIsAName() {
    assertThat(yaml("\"<<\": 1")).isEqualTo("{\"<<\":1}");
  }

  @Test
  void anUnquotedVariableIsItsText() {
    assertThat(yaml("a: {{ name }}\nb:\n- {{x}}\n"))
        .isEqualTo("{\"a\":\"{{name}}\",\"b\":[\"{{x}}\"]}");
  }

  @Test
  void variablesThatYamlCanNotReadUnquotedAreRefusedWithTheRemedy() {
    assertThat(refused("a: {{ x }}-{{ y }}", Format.YAML))
        .hasMessageContaining("put texts with {{variables}} in quotes");
  }

  @Test
  void aSyntaxErrorNamesLineAndColumn() {
    UnreadableDocument failure = refused("a:\n  b: 1\n c: 2\n", Format.YAML);

    assertThat(failure.position()).isEqualTo(new Position(3, 2));
    assertThat(failure.problem()).isEqualTo(UnreadableDocument.Problem.MALFORMED);
  }

  @Test
  void aJsonErrorNamesLineAndColumn() {
    assertThat(refused("{\"a\": 1,\n \"b\": }", Format.JSON).position())
        .isEqualTo(new Position(2, 7));
  }

  @Test
  void aKeyThatStandsTwiceIsRefusedWhereItStandsAgain() {
    UnreadableDocument yaml = refused("a: 1\nb: 2\na: 3\n", Format.YAML);

    assertThat(yaml.position()).isEqualTo(new Position(3, 1));
    assertThat(yaml.reason()).isEqualTo("the key \"a\" stands twice in this mapping");
    assertThat(refused("{\"a\": 1, \"a\": 2}", Format.JSON)).hasMessageContaining("\"a\"");
  }

  @Test
  void aSecondDocumentWhereOneIsExpectedIsRefusedWhereItBegins() {
    UnreadableDocument failure = refused("a: 1\n---\nb: 2\n", Format.YAML);

    assertThat(failure.position()).isEqualTo(new Position(3, 1));
    assertThat(failure.document()).isEqualTo(2);
    assertThat(refused("{} {}", Format.JSON)).hasMessageContaining("one is expected");
  }

  @Test
  void emptyDocumentsOfAStreamAreLeftOut() {
    List<Document> documents =
        DocumentReader.readAll(
            "---\n# none\n---\na: 1\n---\n---\nb: 2\n".getBytes(UTF_8), Format.YAML);

    assertThat(documents).extracting(Document::number).containsExactly(1, 2);
    assertThat(documents)
        .extracting(Document::start)
        .containsExactly(new Position(4, 1), new Position(7, 1));
  }

  @Test
  void aFailureInAStreamNamesItsDocument() {
    UnreadableDocument failure =
        catchThrowableOfType(
            UnreadableDocument.class,
            () -> DocumentReader.readAll("a: 1\n---\nb: [\n".getBytes(UTF_8), Format.YAML));

    assertThat(failure.document()).isEqualTo(2);
    assertThat(failure).hasMessageStartingWith("document 2, line ");
  }

  @Test
  void anEmptyBodyIsRefused() {
    assertThat(refused("", Format.YAML)).hasMessageContaining("the body is empty");
    assertThat(refused(" ", Format.JSON)).hasMessageContaining("the body is empty");
  }

  @ParameterizedTest
  @CsvSource({"'[1]', 'a list'", "'text', '\"text\"'", "'42', '42'"})
  void aDocumentThatIsNoMappingIsRefused(String body, String shown) {
    assertThat(refused(body, Format.YAML)).hasMessageEndingWith("not " + shown);
  }

  @ParameterizedTest
  @CsvSource({"1: a", "true: a", "~: a", "? [a]", "{a: 1}: b", "{{a: 1}: b}"})
  void aKeyThatIsNoTextIsRefused(String body) {
    assertThat(refused(body, Format.YAML)).hasMessageContaining("a key must be a text");
  }

  @ParameterizedTest
  @CsvSource({
    "!!java.net.URLClassLoader [x]",
    "'a: !!javax.script.ScriptEngineManager [x]'",
    "'a: !ruby/object {}'",
    "'a: !!binary aGk='",
    "'a: !!int 5'"
  })
  void tagsAreRefused(String body) {
    assertThat(refused(body, Format.YAML)).hasMessageContaining("is not allowed");
  }

  @Test
  void theTagOfTextsMakesATextOfANumber() {
    assertThat(yaml("a: !!str 5000")).isEqualTo("{\"a\":\"5000\"}");
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedWhereTheyStand() {
    UnreadableDocument failure = refused(new byte[] {'a', ':', '\n', ' ', (byte) 0xc3, '('});

    assertThat(failure.position()).isEqualTo(new Position(2, 2));
    assertThat(failure.reason()).startsWith("byte 0xc3 is not UTF-8");
    assertThat(refused(new byte[] {'a', (byte) 0xe2, (byte) 0x82})).hasMessageContaining("0xe2");
  }

  @Test
  void utf16IsRefusedByName() {
    assertThat(refused("\ufeffa: 1".getBytes(UTF_16LE))).hasMessageContaining("UTF-16");
  }

  @Test
  void aByteOrderMarkOfUtf8IsNoContent() {
    assertThat(yaml("\ufeffa: 1")).isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @CsvSource({
    "YAML, 'a: \"\\0\"'",
    "YAML, '\"\\e\": 1'",
    "YAML, 'a: \"\\ud800\"'",
    "JSON, '{\"a\": \"\\u0000\"}'",
    "JSON, '{\"\\u001b\": 1}'",
    "JSON, '{\"a\": \"\\udc00x\"}'"
  })
  void controlCharactersAreRefusedAsEscapesToo(Format format, String body) {
    assertThat(refused(body, format)).hasMessageContaining("is not allowed in a document");
  }

  @Test
  void aNulIsRefusedWhereItStands() {
    UnreadableDocument failure = refused("a: b\n \0", Format.YAML);

    assertThat(failure.position()).isEqualTo(new Position(2, 2));
    assertThat(failure.reason()).contains("U+0000");
  }

  private static String yaml(String text) {
    return DocumentReader.read(text.getBytes(UTF_8), Format.YAML).toString();
  }

  private static UnreadableDocument refused(byte[] body) {
    return catchThrowableOfType(
        UnreadableDocument.class, () -> DocumentReader.read(body, Format.YAML));
  }

  private static UnreadableDocument refused(String body, Format format) {
    return catchThrowableOfType(
        UnreadableDocument.class, () -> DocumentReader.read(body.getBytes(UTF_8), format));
  }
}
