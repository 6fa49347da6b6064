package io.sluice.agent.host;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Makes {@code sluice} the primary group of this process, which the rules exempt from capture. */
public final class Identity {

  private Identity() {}

  /**
   * Changes the group where the launcher or the unit has not done so. Takes more memory than being
   * started with the group.
   *
   * @throws IOException if there is no such group, or it can't be taken
   */
  @SuppressWarnings("restricted") // The JDK has no other way to set a process's group.
  public static void takeGroup() throws IOException {
    Accounts.User self = Accounts.self();
    if (self.uid() != 0) {
      return;
    }
    Optional<Long> group = Accounts.group(Accounts.GROUP);
    if (group.isEmpty()) {
      throw new IOException(
          "there is no group " + Accounts.GROUP + " on this host: run sluice-agent setup");
    }
    if (self.gid() != group.get()) {
      int gid = Math.toIntExact(group.get());
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor three =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT);
      MemorySegment setresgid = linker.defaultLookup().findOrThrow("setresgid");
      try {
        int result = (int) linker.downcallHandle(setresgid, three).invokeExact(gid, gid, gid);
        if (result != 0) {
          throw new IOException("the group " + Accounts.GROUP + " can't be taken");
        }
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw new IOException("the group " + Accounts.GROUP + " can't be taken", e);
      }
    }
  }
}
