package io.sluice.controlplane.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server refuses before it reaches the application (a broken request line, header or path,
 * on either listener) is a problem as well, and no page that says which server this is.
 */
public final class MalformedRequests extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(MalformedRequests.class);

  /** For the server, which makes one for itself. */
  public MalformedRequests() {}

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int code = response.getStatus();
    if (code < HttpStatus.BAD_REQUEST.value()
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    byte[] body = JsonMapper.shared().writeValueAsBytes(problem(code));
    try {
      response.setContentType(Problem.MEDIA_TYPE.toString());
      response.getReporter().write(new String(body, StandardCharsets.US_ASCII));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      log.debug("event=client-gone error=\"{}\"", e.getMessage());
    }
  }

  private static Problem problem(int code) {
    HttpStatus status = HttpStatus.resolve(code);
    if (status == HttpStatus.BAD_REQUEST) {
      return Problem.of(
          status,
          "Malformed request",
          "the request's first line, a header or its path is not HTTP; characters such as spaces,"
              + " braces and quotes stand in a path as %20, %7B, %22, and Host is needed");
    }
    if (status == null) {
      return Problem.of(
          HttpStatus.INTERNAL_SERVER_ERROR, "Refused", "the server refused it with " + code);
    }
    return Problem.of(status, status.getReasonPhrase(), "the server does not take this request");
  }

  /** Makes it the host's, and so that of all listeners. */
  @Configuration(proxyBeanMethods = false)
  static class Installation {

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> malformedRequests() {
      return factory ->
          factory.addContextCustomizers(
              context -> {
                if (context.getParent() instanceof StandardHost host) {
                  host.setErrorReportValveClass(MalformedRequests.class.getName());
                }
              });
    }
  }
}
