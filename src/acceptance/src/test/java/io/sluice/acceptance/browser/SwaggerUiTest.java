package io.sluice.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptance.Dataplanes;
import io.sluice.acceptance.SharedWorld;
import io.sluice.acceptance.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator's first visit to the API, in a real browser. */
@ExtendWith(SharedWorld.class)
class SwaggerUiTest {

  private static final String SCREENSHOT = "target/swagger-ui.png";

  @Test
  void tryItOutPostsTheExampleAndShowsTheAnswer(World world) throws IOException {
    world.operator().delete(Dataplanes.PATH + "/demo-app");
    String yaml = Files.readString(world.checkout().example("demo-app.yaml"));
    try (Browser browser = Browser.start(world.folder())) {
      browser.open(world.operator().base().resolve("/swagger-ui/index.html"));
      try {
        post(browser, yaml);
      } finally {
        browser.screenshot(Path.of(SCREENSHOT));
      }
    }
    assertThat(world.operator().get(Dataplanes.PATH + "/demo-app").statusCode()).isEqualTo(200);
    world.operator().delete(Dataplanes.PATH + "/demo-app");
  }

  private static void post(Browser browser, String yaml) throws IOException {
    String post = ".opblock-post:has([data-path='/meshes/{mesh}/dataplanes'])";
    browser.click(post + " .opblock-summary-control");
    browser.text(post + " .try-out__btn.cancel"); // operations open ready to be tried
    browser.choose(post + " .body-param-content-type select", "application/yaml");
    browser.fill(post + " tr[data-param-name='mesh'] input", "default");
    browser.fill(post + " textarea.body-param__text", yaml);
    browser.click(post + " .execute");

    assertThat(browser.text(post + " .live-responses-table tbody .response-col_status"))
        .startsWith("201");
    assertThat(browser.text(".info .title")).contains("Sluice");
  }
}
