package io.sluice.controlplane.http;

import io.sluice.resources.document.DocumentWriter;
import io.sluice.resources.document.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers as YAML, in the style in which resources are written. It reads nothing. */
@Component
class YamlConverter extends AbstractHttpMessageConverter<Object> {

  private final JsonMapper json;

  YamlConverter(JsonMapper json) {
    super(StandardCharsets.UTF_8, DocumentTypes.YAML_TYPES.toArray(MediaType[]::new));
    this.json = json;
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type != String.class && type != byte[].class;
  }

  @Override
  public boolean canRead(Class<?> type, @org.jspecify.annotations.Nullable MediaType mediaType) {
    return false;
  }

  @Override
  protected Object readInternal(Class<?> type, HttpInputMessage message) {
    throw new HttpMessageNotReadableException("bodies are read by DocumentReader", message);
  }

  @Override
  protected void writeInternal(Object answer, HttpOutputMessage message) throws IOException {
    String text = DocumentWriter.write(json.valueToTree(answer), Format.YAML);
    message.getBody().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
