package io.sluice.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as others find and leave them. */
class HostFilesTest {

  private static final int ROUNDS = 20;
  private static final int FILES = 200;

  @TempDir Path folder;

  @Test
  void aTreeThatTwoDeleteAtOnceIsGoneForBoth() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < ROUNDS; round++) {
        Path tree = tree();
        Callable<Boolean> delete =
            () -> {
              together.await();
              HostFiles.deleteTree(tree);
              return Files.exists(tree);
            };
        for (Future<Boolean> left : threads.invokeAll(List.of(delete, delete))) {
          assertThat(left.get()).isFalse();
        }
      }
    }
  }

  private Path tree() throws IOException {
    Path tree = folder.resolve("tree");
    for (int i = 0; i < FILES; i++) {
      Path file = tree.resolve("folder-" + i % 5).resolve("file-" + i);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
    return tree;
  }
}
