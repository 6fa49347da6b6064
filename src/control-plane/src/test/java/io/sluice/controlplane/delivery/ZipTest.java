package io.sluice.controlplane.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipTest {

  private static final String LONG = "0123456789abcdef".repeat(10_000);

  @TempDir private Path folder;

  @Test
  void itIsReadFromItsBeginningAsAgentsDo() throws IOException {
    SortedMap<String, String> read = new TreeMap<>();
    byte[] zip = Zip.of(entries("a", "one", "b", "", "c", LONG));
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        read.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }

    assertThat(read).containsExactly(entry("a", "one"), entry("b", ""), entry("c", LONG));
  }

  @Test
  void itIsReadByItsDirectoryAsOtherProgramsDo() throws IOException {
    Path file = Files.write(folder.resolve("pack.zip"), Zip.of(entries("a", "one", "b", LONG)));

    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(2);
      assertThat(zip.getInputStream(zip.getEntry("a"))).hasContent("one");
      assertThat(zip.getInputStream(zip.getEntry("b"))).hasContent(LONG);
      assertThat(zip.getEntry("a").getTimeLocal()).hasToString("1980-02-01T00:00");
    }
  }

  @Test
  void itMayHaveMoreEntriesThanSixteenBitsCount() throws IOException {
    SortedMap<String, Deflated> many = new TreeMap<>();
    for (int i = 0; i < 70_000; i++) {
      many.put("entry-" + i, Deflated.of(new byte[] {(byte) i}));
    }
    Path file = Files.write(folder.resolve("pack.zip"), Zip.of(many));

    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(70_000);
      assertThat(zip.getInputStream(zip.getEntry("entry-69999")))
          .hasBinaryContent(new byte[] {111});
    }
  }

  @Test
  void anEmptyOneIsAZip() throws IOException {
    Path file = Files.write(folder.resolve("pack.zip"), Zip.of(new TreeMap<>()));

    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isZero();
    }
  }

  private static SortedMap<String, Deflated> entries(String... namesAndContents) {
    SortedMap<String, Deflated> entries = new TreeMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
      entries.put(namesAndContents[i], Deflated.of(content));
    }
    return entries;
  }

  private static Map.Entry<String, String> entry(String name, String content) {
    return Map.entry(name, content);
  }
}
