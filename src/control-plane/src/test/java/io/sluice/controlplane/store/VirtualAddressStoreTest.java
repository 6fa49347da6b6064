package io.sluice.controlplane.store;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.delete;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.Cidr;
import io.sluice.resources.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Tries to give one address twice, or two to one name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VirtualAddressStoreTest {

  private static final AddressRange IPV4 = range("240.0.0.0/4");
  private static final AddressRange IPV6 = range("fd53:6c75:6963:6500::/64");

  private final AtomicInteger number = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext one;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext other;

  private String mesh = "";

  @BeforeAll
  void startReplicas() {
    TestServer.Address database = TestServer.freshDatabase();
    one = StoreApplication.on(database);
    other = StoreApplication.on(database);
  }

  @AfterAll
  void stopReplicas() {
    one.close();
    other.close();
  }

  @BeforeEach
  void makeMesh() {
    mesh = "m" + number.incrementAndGet();
    store().write(List.of(put(mesh(mesh))), AUTHOR);
  }

  @Test
  void hostsGetTheLowestFreeAddressesOfBothFamilies() {
    allocate("b.mesh", "a.mesh");

    assertThat(address("a.mesh").ipv4()).hasToString("240.0.0.1");
    assertThat(address("b.mesh").ipv4()).hasToString("240.0.0.2");
    assertThat(address("a.mesh").ipv6()).hasToString("fd53:6c75:6963:6500::1");
  }

  @Test
  void aHostThatHasAddressesKeepsThemAndNothingIsWritten() {
    allocate("a.mesh");
    StoredResource before = stored("a.mesh");

    assertThat(allocate("a.mesh").given()).isZero();
    assertThat(stored("a.mesh")).isEqualTo(before);
  }

  @Test
  void replicasThatWantTheSameHostsAtOnceGiveEachOneAddressAndNoAddressTwice() throws Exception {
    List<String> hosts = IntStream.range(0, 40).mapToObj(i -> "s" + i + ".mesh").toList();
    CyclicBarrier start = new CyclicBarrier(8);
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        VirtualAddressStore addresses = addresses(i % 2 == 0 ? one : other);
        List<String> wanted = new ArrayList<>(hosts.subList(i, i + 30));
        Collections.shuffle(wanted);
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  for (int from = 0; from < wanted.size(); from += 5) {
                    addresses.allocate(mesh, wanted.subList(from, from + 5), IPV4, IPV6);
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }

    List<VirtualAddress> given =
        store().every(VirtualAddress.TYPE, mesh).stream()
            .map(row -> (VirtualAddress) row.resource())
            .toList();
    assertThat(given).hasSize(37).extracting(VirtualAddress::ipv4).doesNotHaveDuplicates();
    assertThat(given).extracting(VirtualAddress::ipv6).doesNotHaveDuplicates();
    assertThat(given)
        .allSatisfy(each -> assertThat(history(each.name())).hasSize(1))
        .allSatisfy(each -> assertThat(IPV4.network().contains(each.ipv4())).isTrue());
  }

  @Test
  void aReleasedAddressIsNobodyElsesUntilItIsForgotten() {
    allocate("a.mesh");
    addresses(one).release(mesh, List.of("a.mesh"));
    addresses(one).forget(Duration.ofHours(1));
    allocate("b.mesh");
    assertThat(address("b.mesh").ipv4()).hasToString("240.0.0.2");

    addresses(one).forget(Duration.ofSeconds(-10));
    allocate("c.mesh");

    assertThat(address("c.mesh").ipv4()).hasToString("240.0.0.1");
    assertThat(store().find(ResourceKey.virtualAddress(mesh, "a.mesh"))).isEmpty();
  }

  @Test
  void aHostThatComesBackGetsItsFormerAddresses() {
    allocate("a.mesh", "b.mesh");
    IpAddress former = address("b.mesh").ipv4();
    addresses(one).release(mesh, List.of("b.mesh"));
    assertThat(address("b.mesh").inUse()).isFalse();

    allocate("b.mesh");

    assertThat(address("b.mesh").ipv4()).isEqualTo(former);
    assertThat(address("b.mesh").inUse()).isTrue();
    assertThat(history("b.mesh"))
        .extracting(HistoryEntry::what)
        .containsExactly(
            WriteResult.Outcome.UPDATED, WriteResult.Outcome.UPDATED, WriteResult.Outcome.CREATED);
  }

  @Test
  void whatIsForeseenIsWhatWouldBeGivenAndIsNotWritten() {
    allocate("a.mesh", "b.mesh");
    addresses(one).release(mesh, List.of("a.mesh"));

    List<VirtualAddress> foreseen =
        addresses(one).foresee(mesh, List.of("d.mesh", "c.mesh", "a.mesh"), IPV4, IPV6);

    assertThat(foreseen)
        .extracting(each -> each.name() + " " + each.ipv4())
        .containsExactly("a.mesh 240.0.0.1", "c.mesh 240.0.0.3", "d.mesh 240.0.0.4");
    assertThat(foreseen).allMatch(VirtualAddress::inUse);
    assertThat(store().every(VirtualAddress.TYPE, mesh)).hasSize(2);
    assertThat(address("a.mesh").inUse()).isFalse();
  }

  @Test
  void whoComesAfterTheLastAddressIsRefusedByName() {
    VirtualAddressStore.Allocation allocation =
        addresses(one)
            .allocate(mesh, List.of("a.mesh", "b.mesh", "c.mesh"), range("240.0.0.0/30"), IPV6);

    assertThat(allocation).isEqualTo(new VirtualAddressStore.Allocation(2, List.of("c.mesh")));
  }

  @Test
  void aMeshThatIsGoneGivesNothing() {
    store().write(List.of(delete(ResourceKey.mesh(mesh))), AUTHOR);

    assertThat(allocate("a.mesh").given()).isZero();
  }

  @Test
  void addressesGoWithTheirMesh() {
    allocate("a.mesh");
    store().write(List.of(delete(ResourceKey.mesh(mesh))), AUTHOR);

    assertThat(history("a.mesh").getFirst().what()).isEqualTo(WriteResult.Outcome.DELETED);
  }

  private VirtualAddressStore.Allocation allocate(String... hosts) {
    return addresses(one).allocate(mesh, List.of(hosts), IPV4, IPV6);
  }

  private List<HistoryEntry> history(String host) {
    return store().history(ResourceKey.virtualAddress(mesh, host), Long.MAX_VALUE, 10);
  }

  private StoredResource stored(String host) {
    return store().find(ResourceKey.virtualAddress(mesh, host)).orElseThrow();
  }

  private VirtualAddress address(String host) {
    return (VirtualAddress) stored(host).resource();
  }

  private ResourceStore store() {
    return StoreApplication.store(one);
  }

  private static VirtualAddressStore addresses(ConfigurableApplicationContext replica) {
    return replica.getBean(VirtualAddressStore.class);
  }

  private static AddressRange range(String network) {
    return new AddressRange(Cidr.parse(network).orElseThrow());
  }
}
