package io.sluice.acceptance.browser;

import io.sluice.acceptance.process.Daemon;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Headless Chromium with one page. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Control and A, then all keys up: in the code points that the standard gives to keys. */
  private static final String SELECT_ALL = "\uE009a\uE000";

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Daemon driver;
  private final URI session;

  private Browser(Daemon driver, URI base, Path profile) throws IOException {
    this.driver = driver;
    Map<String, Object> options =
        Map.of(
            "args",
            List.of(
                "--headless=new",
                "--no-sandbox", // Chromium refuses to sandbox for root
                "--disable-dev-shm-usage",
                "--window-size=1400,2000",
                "--user-data-dir=" + profile));
    Map<String, Object> wanted = Map.of("browserName", "chrome", "goog:chromeOptions", options);
    Map<String, Object> body = Map.of("capabilities", Map.of("alwaysMatch", wanted));
    String id = call("POST", base.resolve("/session"), body).path("sessionId").asString();
    this.session = base.resolve("/session/" + id + "/");
  }

  /**
   * Starts the browser.
   *
   * @param folder for its profile and log
   * @throws IllegalStateException when this machine has none
   */
  static Browser start(Path folder) throws IOException {
    String program =
        Stream.of(System.getenv("PATH").split(":"))
            .map(path -> Path.of(path, "chromedriver"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "chromedriver is missing: run ./sluice test, or install chromium and it"))
            .toString();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Daemon driver =
        Daemon.start(
            List.of(program, "--port=" + port), Map.of(), folder.resolve("chromedriver.log"));
    driver.await(
        "chromedriver listens", PATIENCE, () -> driver.output().contains("started successfully"));
    try {
      return new Browser(driver, URI.create("http://127.0.0.1:" + port), folder.resolve("profile"));
    } catch (IOException | RuntimeException e) {
      driver.kill();
      throw e;
    }
  }

  void open(URI page) throws IOException {
    call("POST", session.resolve("url"), Map.of("url", page.toString()));
  }

  /** Runs JavaScript in the page; what it returns. */
  JsonNode run(String script, Object... arguments) throws IOException {
    return call(
        "POST",
        session.resolve("execute/sync"),
        Map.of("script", script, "args", List.of(arguments)));
  }

  /** Clicks the first element of a CSS selector, once it is there, as a reader's mouse would. */
  void click(String selector) throws IOException {
    String element = await(selector);
    run("arguments[0].scrollIntoView({block: 'center'})", reference(element));
    call("POST", session.resolve("element/" + element + "/click"), Map.of());
  }

  /** The text of the first element of a CSS selector, once it is there. */
  String text(String selector) throws IOException {
    return call("GET", session.resolve("element/" + await(selector) + "/text"), null).asString();
  }

  /** Chooses an option of a select element by its value. */
  void choose(String selector, String value) throws IOException {
    await(selector);
    click(selector + " option[value='" + value + "']");
  }

  /** Types a text into a field in place of what is in it. */
  void fill(String selector, String text) throws IOException {
    String element = await(selector);
    String keys = SELECT_ALL + text; // a page may put an example back into a field that is empty
    call("POST", session.resolve("element/" + element + "/value"), Map.of("text", keys));
  }

  void screenshot(Path file) throws IOException {
    String image = call("GET", session.resolve("screenshot"), null).asString();
    Files.write(file, Base64.getDecoder().decode(image));
  }

  private String await(String selector) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonNode found =
          call(
              "POST",
              session.resolve("elements"),
              Map.of("using", "css selector", "value", selector));
      if (!found.isEmpty()) {
        return found.get(0).values().iterator().next().asString();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the page has no " + selector);
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the browser");
    }
  }

  private static Map<String, String> reference(String element) {
    return Map.of("element-6066-11e4-a52e-4f735466cecf", element); // the standard's own constant
  }

  private JsonNode call(String method, URI command, @Nullable Object body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(command)
            .timeout(PATIENCE.multipliedBy(2))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> answer;
    try {
      answer = http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(command.toString());
    }
    JsonNode value = JSON.readTree(answer.body()).path("value");
    if (answer.statusCode() != 200) {
      throw new IOException(command + ": " + value.path("message").asString());
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    call("DELETE", URI.create(session.toString().replaceAll("/$", "")), null);
    driver.stop();
    http.close();
  }
}
