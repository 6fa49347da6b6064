package io.sluice.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** The control plane's process. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class SluiceControlPlane {

  private static final int FAILED = 1;
  private static final int WRONG_ARGUMENTS = 2;

  /** Does what the arguments say; see {@code --help}. */
  public static void main(String[] arguments) throws IOException {
    switch (CommandLine.parse(List.of(arguments))) {
      case CommandLine.Help() -> System.out.print(CommandLine.help());
      case CommandLine.Version() -> System.out.println("sluice-control-plane " + version());
      case CommandLine.Mistake(String message) -> {
        System.err.println("sluice-control-plane: " + message);
        System.err.println("See sluice-control-plane --help.");
        System.exit(WRONG_ARGUMENTS);
      }
      case CommandLine.Run(List<String> settings) -> run(settings);
    }
  }

  /** Spring's failure analyzers have said by then, in a few lines, what the matter is. */
  private static void run(List<String> settings) {
    try {
      new Application().run(settings.toArray(String[]::new));
    } catch (RuntimeException e) {
      System.exit(FAILED);
    }
  }

  /** Says nothing of profiles, of which there are none. */
  private static final class Application extends SpringApplication {

    Application() {
      super(SluiceControlPlane.class);
    }

    @Override
    protected void logStartupProfileInfo(ConfigurableApplicationContext context) {}
  }

  private static String version() throws IOException {
    Properties build = new Properties();
    try (InputStream in =
        SluiceControlPlane.class.getResourceAsStream("/META-INF/build-info.properties")) {
      if (in != null) {
        build.load(in);
      }
    }
    return build.getProperty("build.version", "(development)");
  }
}
