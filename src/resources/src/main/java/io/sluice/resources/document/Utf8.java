package io.sluice.resources.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns a body's bytes into text, and refuses what is not plain UTF-8 text. */
final class Utf8 {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8() {}

  static String decode(byte[] body) {
    if (body.length > Limits.BYTES) {
      throw new UnreadableDocument(
          UnreadableDocument.Problem.TOO_LARGE,
          "the body has " + body.length + " bytes; at most " + Limits.BYTES + " are allowed",
          null,
          1);
    }
    refuseOtherUnicode(body);
    CharBuffer text = CharBuffer.allocate(body.length);
    ByteBuffer bytes = ByteBuffer.wrap(body);
    var result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(bytes, text, true);
    text.flip();
    if (result.isError()) {
      throw UnreadableDocument.malformed(
          "byte 0x%02x is not UTF-8; write the document in UTF-8"
              .formatted(body[bytes.position()] & 0xff),
          position(text, text.length()),
          1);
    }
    refuseForbidden(text);
    int start = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
    return text.subSequence(start, text.length()).toString();
  }

  private static void refuseOtherUnicode(byte[] body) {
    boolean utf16 =
        body.length >= 2
            && ((body[0] == (byte) 0xfe && body[1] == (byte) 0xff)
                || (body[0] == (byte) 0xff && body[1] == (byte) 0xfe));
    if (utf16) {
      throw UnreadableDocument.malformed(
          "the body begins as UTF-16 or UTF-32; write the document in UTF-8",
          new Position(1, 1),
          1);
    }
  }

  private static void refuseForbidden(CharSequence text) {
    Texts.forbidden(text)
        .ifPresent(
            forbidden -> {
              throw UnreadableDocument.malformed(
                  forbidden.reason(), position(text, forbidden.index()), 1);
            });
  }

  private static Position position(CharSequence text, int index) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < index; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Position(line, column);
  }
}
