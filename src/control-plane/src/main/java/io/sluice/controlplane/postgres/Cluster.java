package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The files of the embedded database.
 *
 * @param programs the unpacked PostgreSQL
 * @param files what PostgreSQL calls its data directory
 */
record Cluster(Path programs, Path files, ServerUser user, String password) {

  static final String SUPERUSER = "sluice";
  private static final int PASSWORD_BYTES = 24;

  /** Opens the cluster below a data folder; makes it the first time. */
  static Cluster open(Path data, ServerUser user, String password)
      throws IOException, InterruptedException {
    Path programs = ServerBinaries.unpack(data);
    user.requireEntry(programs);
    Cluster cluster = new Cluster(programs, data.resolve("postgresql"), user, password);
    Path version = cluster.files.resolve("PG_VERSION");
    if (!Files.exists(version)) {
      cluster.initialise(data);
    }
    cluster.requireVersion(Files.readString(version).strip());
    return cluster;
  }

  /** The password of the only database user: made once, readable by the operator alone. */
  static String password(Path data) throws IOException {
    Path file = data.resolve("postgresql.password");
    if (!Files.exists(file)) {
      byte[] random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      writePrivately(file, HexFormat.of().formatHex(random) + "\n");
    }
    return Files.readString(file).strip();
  }

  String program(String name) {
    return programs.resolve("bin").resolve(name).toString();
  }

  private void initialise(Path data) throws IOException, InterruptedException {
    if (Files.exists(files) && isOccupied()) {
      throw new StartFailure(
          "The folder " + files + " holds files, but no complete PostgreSQL database.",
          "Restore it from a backup, or move it away: an empty database is then made.");
    }
    Path unfinished = data.resolve("postgresql.unfinished");
    Output removed = Output.of(List.of("rm", "-rf", unfinished.toString()));
    removed.requireSuccess("An unfinished database can't be removed.");
    user.makeFolder(unfinished);
    Path passwordFile = unfinished.resolveSibling("postgresql.unfinished.password");
    writePrivately(passwordFile, password + "\n");
    try {
      if (user.other().isPresent()) {
        Files.setOwner(passwordFile, Files.getOwner(unfinished));
      }
      Output.of(
              user.command(
                  program("initdb"),
                  "--pgdata=" + unfinished,
                  "--username=" + SUPERUSER,
                  "--pwfile=" + passwordFile,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--no-locale",
                  "--data-checksums"))
          .requireSuccess("The embedded database can't be made.");
    } finally {
      Files.deleteIfExists(passwordFile);
    }
    Files.deleteIfExists(files);
    Files.move(unfinished, files);
  }

  private boolean isOccupied() throws IOException {
    try (var content = Files.list(files)) {
      return content.findAny().isPresent();
    }
  }

  private void requireVersion(String made) throws IOException, InterruptedException {
    Output output = Output.of(List.of(program("postgres"), "--version"));
    String ours = output.text().replaceAll("(?s).*?(\\d+).*", "$1");
    if (!ours.equals(made)) {
      throw new StartFailure(
          "The database in "
              + files
              + " was made by PostgreSQL "
              + made
              + "; this control plane brings PostgreSQL "
              + ours
              + ".",
          "Carry the data over with pg_upgrade, or dump it with the release that made it and load"
              + " the dump here (docs/operations.md, \"Another PostgreSQL version\").");
    }
  }

  private static void writePrivately(Path file, String content) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);
  }
}
