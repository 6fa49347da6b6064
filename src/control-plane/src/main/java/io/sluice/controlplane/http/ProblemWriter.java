package io.sluice.controlplane.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems where no controller is reached: in filters. */
@Component
public class ProblemWriter {

  private final JsonMapper json;

  /** Writes with the application's mapper. */
  public ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  /** Answers with the problem. */
  public void write(HttpServletResponse response, Problem problem) throws IOException {
    byte[] body = json.writeValueAsBytes(problem);
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE.toString());
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
