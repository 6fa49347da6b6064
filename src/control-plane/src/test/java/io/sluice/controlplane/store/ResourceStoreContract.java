package io.sluice.controlplane.store;

import static io.sluice.controlplane.store.Samples.AUTHOR;
import static io.sluice.controlplane.store.Samples.dataplane;
import static io.sluice.controlplane.store.Samples.delete;
import static io.sluice.controlplane.store.Samples.gateway;
import static io.sluice.controlplane.store.Samples.mesh;
import static io.sluice.controlplane.store.Samples.put;
import static io.sluice.controlplane.store.Samples.putNew;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.controlplane.postgres.TestServer;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.dataplane.Gateway;
import io.sluice.resources.mesh.Constraints;
import io.sluice.resources.mesh.Mesh;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/** What the store promises, whichever PostgreSQL is below it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ResourceStoreContract {

  private static final int ROUNDS = 20;

  private final AtomicInteger number = new AtomicInteger();
  private TestServer.Address database = new TestServer.Address("", "", "");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ConfigurableApplicationContext replica;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private ResourceStore store;

  private String mesh = "";

  abstract TestServer.Address database();

  @BeforeAll
  void startReplica() {
    database = database();
    replica = StoreApplication.on(database);
    store = StoreApplication.store(replica);
  }

  @AfterAll
  void stopReplica() {
    if (replica != null) {
      replica.close();
    }
  }

  @BeforeEach
  void makeMesh() {
    mesh = "m" + number.incrementAndGet();
    write(put(mesh(mesh)));
  }

  @Test
  void newControlPlaneHasTheMeshDefault() {
    assertThat(store.find(ResourceKey.mesh("default"))).isPresent();
  }

  @Test
  void deletedDefaultMeshDoesNotComeBackWithTheNextStart() {
    TestServer.Address own = database();
    try (ConfigurableApplicationContext first = StoreApplication.on(own)) {
      StoreApplication.store(first).write(List.of(delete(ResourceKey.mesh("default"))), AUTHOR);
    }
    try (ConfigurableApplicationContext second = StoreApplication.on(own)) {
      assertThat(StoreApplication.store(second).find(ResourceKey.mesh("default"))).isEmpty();
    }
  }

  @Test
  void createdResourceIsFoundAsWritten() {
    Dataplane web = dataplane(mesh, "web", "10.0.0.1", 8080);

    WriteResult result = write(put(web));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.CREATED);
    assertThat(store.find(ResourceKey.of(web))).contains(result.stored());
    assertThat(result.stored().resource()).isEqualTo(web);
  }

  @Test
  void replacedResourceKeepsItsCreationAndGetsAHigherRevision() {
    StoredResource before = write(put(dataplane(mesh, "web", "10.0.0.1", 8080))).stored();

    WriteResult result = write(put(dataplane(mesh, "web", "10.0.0.1", 8081)));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.UPDATED);
    assertThat(result.stored().revision()).isGreaterThan(before.revision());
    assertThat(result.stored().created()).isEqualTo(before.created());
    assertThat(store.find(before.key())).contains(result.stored());
  }

  @Test
  void putOfWhatIsThereWritesNothing() {
    StoredResource before = write(put(dataplane(mesh, "web", "10.0.0.1", 8080))).stored();

    WriteResult result = write(put(dataplane(mesh, "web", "10.0.0.1", 8080)));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.UNCHANGED);
    assertThat(result.stored()).isEqualTo(before);
    assertThat(store.history(before.key(), Long.MAX_VALUE, 10)).hasSize(1);
  }

  @Test
  void writeAtTheExpectedRevisionHappens() {
    StoredResource before = write(put(dataplane(mesh, "web", "10.0.0.1", 8080))).stored();

    WriteResult result =
        write(
            new Write.Put(
                dataplane(mesh, "web", "10.0.0.1", 8081),
                new Write.Precondition.Revision(before.revision()),
                Optional.empty()));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.UPDATED);
  }

  @Test
  void writeAtAnotherRevisionIsRefused() {
    StoredResource before = write(put(dataplane(mesh, "web", "10.0.0.1", 8080))).stored();

    assertThatThrownBy(
            () ->
                write(
                    new Write.Put(
                        dataplane(mesh, "web", "10.0.0.1", 8081),
                        new Write.Precondition.Revision(before.revision() - 1),
                        Optional.empty())))
        .isInstanceOf(StoreException.PreconditionFailed.class);
    assertThat(store.find(before.key())).contains(before);
  }

  @Test
  void creationOfAnExistingNameIsRefused() {
    write(putNew(dataplane(mesh, "web", "10.0.0.1", 8080)));

    assertThatThrownBy(() -> write(putNew(dataplane(mesh, "web", "10.0.0.1", 8081))))
        .isInstanceOf(StoreException.PreconditionFailed.class);
  }

  @Test
  void onlyOneOfManyWritersAtTheSameRevisionWins() throws Exception {
    StoredResource before = write(put(dataplane(mesh, "web", "10.0.0.1", 8000))).stored();

    List<Object> results =
        together(
            8,
            i ->
                () ->
                    write(
                        new Write.Put(
                            dataplane(mesh, "web", "10.0.0.1", 8001 + i),
                            new Write.Precondition.Revision(before.revision()),
                            Optional.empty())));

    assertThat(results).filteredOn(WriteResult.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(StoreException.PreconditionFailed.class::isInstance).hasSize(7);
  }

  @Test
  void writerThatWaitedForOneWhoMovedTheDataplaneMovesItBackWithItsClaim() throws Exception {
    write(put(dataplane(mesh, "web", "10.0.0.1", 8080)));
    try (Connection mover = database.connect();
        Statement statement = mover.createStatement();
        ExecutorService writers = Executors.newSingleThreadExecutor()) {
      mover.setAutoCommit(false);
      statement.execute(
          "update dataplane set revision = nextval('revision'),"
              + " spec = jsonb_set(spec, '{networking,address}', '\"10.0.0.9\"') where mesh = '"
              + mesh
              + "'");
      statement.execute(
          "update endpoint_claim set address = '10.0.0.9' where mesh = '" + mesh + "'");

      Future<WriteResult> waiting =
          writers.submit(
              () ->
                  write(
                      put(
                          dataplane(
                              mesh, "web", "10.0.0.1", 8080, Map.of("kuma.io/service", "new")))));
      awaitAWriterBehindALock();
      mover.commit();

      assertThat(waiting.get().outcome()).isEqualTo(WriteResult.Outcome.UPDATED);
    }
    assertThat(claimed("web")).containsExactly("10.0.0.1 8080");
  }

  @Test
  void claimsAreThoseOfTheDocumentWhoeverMovedTheDataplaneLast() throws Exception {
    write(put(dataplane(mesh, "web", "10.0.0.1", 8080)));
    for (int round = 0; round < ROUNDS; round++) {
      String tag = "v" + round;
      together(
          4,
          i ->
              () ->
                  write(
                      put(
                          dataplane(
                              mesh,
                              "web",
                              "10.0.0." + (1 + i % 2),
                              8080,
                              Map.of("kuma.io/service", tag)))));

      Dataplane stored =
          (Dataplane) store.find(ResourceKey.dataplane(mesh, "web")).orElseThrow().resource();
      assertThat(claimed("web")).containsExactly(stored.networking().address() + " 8080");
    }
  }

  @Test
  void writeOfTheSameContentAtAnotherRevisionIsRefused() {
    Dataplane web = dataplane(mesh, "web", "10.0.0.1", 8080);
    long revision = write(put(web)).stored().revision();

    assertThatThrownBy(
            () ->
                write(
                    new Write.Put(
                        web, new Write.Precondition.Revision(revision + 1), Optional.empty())))
        .isInstanceOf(StoreException.PreconditionFailed.class);
  }

  private void awaitAWriterBehindALock() {
    await()
        .until(
            () -> {
              try (Connection connection = database.connect();
                  Statement statement = connection.createStatement();
                  ResultSet row =
                      statement.executeQuery(
                          "select exists (select from pg_locks where not granted)")) {
                return row.next() && row.getBoolean(1);
              }
            });
  }

  private List<String> claimed(String dataplane) throws SQLException {
    List<String> claims = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select address || ' ' || port from endpoint_claim where mesh = '%s' and dataplane = '%s'"
                    .formatted(mesh, dataplane))) {
      while (rows.next()) {
        claims.add(rows.getString(1));
      }
    }
    return claims;
  }

  @Test
  void dataplaneOfAnUnknownMeshIsRefused() {
    assertThatThrownBy(() -> write(put(dataplane("nowhere", "web", "10.0.0.1", 8080))))
        .isInstanceOf(StoreException.MeshNotFound.class);
  }

  @Test
  void deletedResourceIsGoneAndReturnedAsItWas() {
    StoredResource before = write(put(dataplane(mesh, "web", "10.0.0.1", 8080))).stored();

    WriteResult result = write(delete(before.key()));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.DELETED);
    assertThat(result.stored()).isEqualTo(before);
    assertThat(store.find(before.key())).isEmpty();
  }

  @Test
  void deletionOfNothingIsNotFound() {
    assertThatThrownBy(() -> write(delete(ResourceKey.dataplane(mesh, "web"))))
        .isInstanceOf(StoreException.NotFound.class);
    assertThatThrownBy(() -> write(delete(ResourceKey.mesh("nowhere"))))
        .isInstanceOf(StoreException.NotFound.class);
  }

  @Test
  void meshWithDataplanesIsNotDeleted() {
    write(put(dataplane(mesh, "web", "10.0.0.1", 8080)));

    assertThatThrownBy(() -> write(delete(ResourceKey.mesh(mesh))))
        .isInstanceOf(StoreException.MeshInUse.class)
        .hasMessageContaining("1 dataplanes");
  }

  @Test
  void emptiedMeshIsDeleted() {
    write(put(dataplane(mesh, "web", "10.0.0.1", 8080)));
    write(delete(ResourceKey.dataplane(mesh, "web")));

    write(delete(ResourceKey.mesh(mesh)));

    assertThat(store.find(ResourceKey.mesh(mesh))).isEmpty();
  }

  @Test
  void deletedMeshNeverHasADataplaneWhoeverIsFaster() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String raced = mesh + "-" + round;
      write(put(mesh(raced)));

      List<Object> results =
          together(
              2,
              i ->
                  i == 0
                      ? () -> write(delete(ResourceKey.mesh(raced)))
                      : () -> write(put(dataplane(raced, "web", "10.0.0.1", 8080))));

      assertThat(results).filteredOn(WriteResult.class::isInstance).hasSize(1);
      assertThat(store.find(ResourceKey.mesh(raced)).isPresent())
          .isEqualTo(store.find(ResourceKey.dataplane(raced, "web")).isPresent());
    }
  }

  @Test
  void claimedAddressIsRefusedWithTheHoldersName() {
    write(put(dataplane(mesh, "one", "10.0.0.1", 8080)));

    assertThatThrownBy(() -> write(put(dataplane(mesh, "two", "::ffff:10.0.0.1", 8080))))
        .isInstanceOfSatisfying(
            StoreException.AddressClaimed.class,
            refused -> {
              assertThat(refused.holder()).isEqualTo("one");
              assertThat(refused.address()).isEqualTo("10.0.0.1:8080");
            });
    assertThat(store.find(ResourceKey.dataplane(mesh, "two"))).isEmpty();
  }

  @Test
  void sameAddressInAnotherMeshIsFree() {
    write(put(mesh(mesh + "-other")));
    write(put(dataplane(mesh, "one", "10.0.0.1", 8080)));

    assertThat(write(put(dataplane(mesh + "-other", "one", "10.0.0.1", 8080))).outcome())
        .isEqualTo(WriteResult.Outcome.CREATED);
  }

  @Test
  void onlyOneOfManyDataplanesGetsAnAddress() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      int port = 9000 + round;

      List<Object> results =
          together(6, i -> () -> write(put(dataplane(mesh, "d" + port + i, "10.0.0.1", port))));

      assertThat(results).filteredOn(WriteResult.class::isInstance).hasSize(1);
      assertThat(results).filteredOn(StoreException.AddressClaimed.class::isInstance).hasSize(5);
    }
  }

  @Test
  void changedAddressFreesTheOldOne() {
    write(put(dataplane(mesh, "one", "10.0.0.1", 8080)));
    write(put(dataplane(mesh, "one", "10.0.0.2", 8080)));

    assertThat(write(put(dataplane(mesh, "two", "10.0.0.1", 8080))).outcome())
        .isEqualTo(WriteResult.Outcome.CREATED);
    assertThatThrownBy(() -> write(put(dataplane(mesh, "three", "10.0.0.2", 8080))))
        .isInstanceOf(StoreException.AddressClaimed.class);
  }

  @Test
  void replacingDataplaneTakesTheClaimAndEndsTheOther() {
    write(put(dataplane(mesh, "old", "10.0.0.1", 8080)));

    WriteResult result =
        write(
            new Write.Put(
                dataplane(mesh, "new", "10.0.0.1", 8080),
                new Write.Precondition.Anything(),
                Optional.of("old")));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.CREATED);
    assertThat(result.replaced()).contains(ResourceKey.dataplane(mesh, "old"));
    assertThat(store.find(ResourceKey.dataplane(mesh, "old"))).isEmpty();
    assertThat(store.history(ResourceKey.dataplane(mesh, "old"), Long.MAX_VALUE, 1))
        .extracting(HistoryEntry::what)
        .containsExactly(WriteResult.Outcome.DELETED);
  }

  @Test
  void aNameThatHoldsNoneOfTheAddressesIsNotReplaced() {
    write(put(dataplane(mesh, "bystander", "10.0.0.1", 8080)));

    WriteResult result =
        write(
            new Write.Put(
                dataplane(mesh, "new", "10.0.0.2", 8080),
                new Write.Precondition.Anything(),
                Optional.of("bystander")));

    assertThat(result.outcome()).isEqualTo(WriteResult.Outcome.CREATED);
    assertThat(result.replaced()).isEmpty();
    assertThat(store.find(ResourceKey.dataplane(mesh, "bystander"))).isPresent();
  }

  @Test
  void oneRefusedWriteUndoesAllOfItsTransaction() {
    assertThatThrownBy(
            () ->
                store.write(
                    List.of(
                        put(dataplane(mesh, "one", "10.0.0.1", 8080)),
                        put(dataplane(mesh, "two", "10.0.0.1", 8080))),
                    AUTHOR))
        .isInstanceOf(StoreException.AddressClaimed.class);

    assertThat(store.find(ResourceKey.dataplane(mesh, "one"))).isEmpty();
  }

  @Test
  void laterWritesOfATransactionSeeEarlierOnes() {
    String made = mesh + "-made";

    List<WriteResult> results =
        store.write(
            List.of(
                put(mesh(made)),
                put(dataplane(made, "web", "10.0.0.1", 8080)),
                put(dataplane(made, "web", "10.0.0.1", 8081)),
                put(dataplane(made, "web", "10.0.0.1", 8081)),
                delete(ResourceKey.dataplane(made, "web"))),
            AUTHOR);

    assertThat(results)
        .extracting(WriteResult::outcome)
        .containsExactly(
            WriteResult.Outcome.CREATED,
            WriteResult.Outcome.CREATED,
            WriteResult.Outcome.UPDATED,
            WriteResult.Outcome.UNCHANGED,
            WriteResult.Outcome.DELETED);
    assertThat(results.getLast().stored().resource())
        .isEqualTo(dataplane(made, "web", "10.0.0.1", 8081));
  }

  @Test
  void restrictionOfTheMeshKeepsADataplaneOut() {
    Constraints.Rule staging = new Constraints.Rule(new TreeMap<>(Map.of("env", "staging")));
    write(put(restricted(mesh, staging)));

    assertThatThrownBy(
            () ->
                write(
                    put(
                        dataplane(
                            mesh,
                            "web",
                            "10.0.0.1",
                            8080,
                            Map.of("kuma.io/service", "web", "env", "staging")))))
        .isInstanceOf(StoreException.MembershipRefused.class)
        .hasMessageContaining("restriction");
    assertThat(write(put(dataplane(mesh, "web", "10.0.0.1", 8080))).outcome())
        .isEqualTo(WriteResult.Outcome.CREATED);
  }

  private static Mesh restricted(String name, Constraints.Rule rule) {
    return new Mesh(
        name,
        new TreeMap<>(),
        null,
        null,
        null,
        null,
        null,
        null,
        new Constraints(new Constraints.DataplaneProxy(List.of(), List.of(rule))),
        List.of(),
        null);
  }

  @Test
  void rehearsedWritesDoNotHappen() {
    List<WriteResult> results =
        store.rehearse(List.of(put(dataplane(mesh, "web", "10.0.0.1", 8080))), AUTHOR);

    assertThat(results)
        .extracting(WriteResult::outcome)
        .containsExactly(WriteResult.Outcome.CREATED);
    assertThat(store.find(ResourceKey.dataplane(mesh, "web"))).isEmpty();
  }

  @Test
  void historyTellsWhoDidWhatNewestFirst() {
    Dataplane first = dataplane(mesh, "web", "10.0.0.1", 8080);
    Dataplane second = dataplane(mesh, "web", "10.0.0.1", 8081);
    store.write(List.of(put(first)), new Author("anna"));
    store.write(List.of(put(second)), new Author("bert"));
    store.write(List.of(delete(ResourceKey.of(first))), new Author("carl"));

    List<HistoryEntry> entries = store.history(ResourceKey.of(first), Long.MAX_VALUE, 10);

    assertThat(entries)
        .extracting(entry -> entry.who().name())
        .containsExactly("carl", "bert", "anna");
    assertThat(entries)
        .extracting(HistoryEntry::what)
        .containsExactly(
            WriteResult.Outcome.DELETED, WriteResult.Outcome.UPDATED, WriteResult.Outcome.CREATED);
    assertThat(entries)
        .extracting(HistoryEntry::resource)
        .containsExactly(Optional.empty(), Optional.of(second), Optional.of(first));
    assertThat(store.history(ResourceKey.of(first), entries.get(1).revision(), 10))
        .containsExactly(entries.get(2));
  }

  @Test
  void historyOfANameThatManyMakeAndDeleteAlternates() throws Exception {
    together(
        6,
        i ->
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                try {
                  write(
                      (i + round) % 2 == 0
                          ? put(dataplane(mesh, "web", "10.0.0.1", 8000 + i))
                          : delete(ResourceKey.dataplane(mesh, "web")));
                } catch (StoreException.NotFound e) {
                  assertThat(e.key().name()).isEqualTo("web"); // somebody was faster
                }
              }
              return true;
            });

    List<HistoryEntry> entries =
        new ArrayList<>(store.history(ResourceKey.dataplane(mesh, "web"), Long.MAX_VALUE, 1000));
    Collections.reverse(entries);
    boolean exists = false;
    for (HistoryEntry entry : entries) {
      assertThat(entry.what() == WriteResult.Outcome.CREATED)
          .as("creation at revision %d of %s", entry.revision(), entries)
          .isEqualTo(!exists);
      exists = entry.what() != WriteResult.Outcome.DELETED;
    }
  }

  @Test
  void historyCanNotBeRewritten() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "update history set author = 'nobody'", "delete from history", "truncate history")) {
        assertThatThrownBy(() -> statement.execute(sql)).hasMessageContaining("append-only");
      }
    }
  }

  @Test
  void pagesFollowEachOtherInOrderAndKnowTheTotal() {
    for (int i = 0; i < 5; i++) {
      write(put(dataplane(mesh, "d" + i, "10.0.0.1", 8000 + i)));
    }

    ResourcePage first = store.list(query(2, Optional.empty()));
    ResourcePage second = store.list(query(2, Optional.of(first.items().getLast().key())));
    ResourcePage third = store.list(query(2, Optional.of(second.items().getLast().key())));

    assertThat(names(first)).containsExactly("d0", "d1");
    assertThat(names(second)).containsExactly("d2", "d3");
    assertThat(names(third)).containsExactly("d4");
    assertThat(List.of(first.more(), second.more(), third.more()))
        .containsExactly(true, true, false);
    assertThat(first.total()).isEqualTo(5);
  }

  @Test
  void totalIsRightAfterConcurrentCreationsAndDeletions() throws Exception {
    together(
        8,
        i ->
            () -> {
              for (int j = 0; j < 10; j++) {
                write(put(dataplane(mesh, "d" + i + "-" + j, "10.0.0." + i, 8000 + j)));
              }
              return write(delete(ResourceKey.dataplane(mesh, "d" + i + "-0")));
            });

    assertThat(store.list(query(1, Optional.empty())).total()).isEqualTo(72);
  }

  @Test
  void filtersSelectByNameTagAndGateway() {
    write(put(dataplane(mesh, "web-1", "10.0.0.1", 80, Map.of("kuma.io/service", "web_v1"))));
    write(put(dataplane(mesh, "api-1", "10.0.0.2", 80, Map.of("kuma.io/service", "api%"))));
    write(put(gateway(mesh, "edge", Gateway.Kind.BUILTIN)));

    assertThat(names(store.list(filtered("web", List.of(), null)))).containsExactly("web-1");
    assertThat(names(store.list(filtered("%", List.of(), null)))).isEmpty();
    assertThat(
            names(store.list(filtered(null, List.of(Map.entry("kuma.io/service", "b_v")), null))))
        .containsExactly("web-1");
    assertThat(names(store.list(filtered(null, List.of(Map.entry("service", "web")), null))))
        .isEmpty();
    assertThat(names(store.list(filtered(null, List.of(), ResourceQuery.GatewayFilter.TRUE))))
        .containsExactly("edge");
    assertThat(names(store.list(filtered(null, List.of(), ResourceQuery.GatewayFilter.FALSE))))
        .containsExactly("api-1", "web-1");
    ResourcePage builtin =
        store.list(filtered(null, List.of(), ResourceQuery.GatewayFilter.BUILTIN));
    assertThat(builtin.total()).isEqualTo(1);
  }

  /** Else callers would take a lost database for a defect. */
  @Test
  void whatTheDatabaseRefusesInAListIsADataAccessException() {
    assertThatThrownBy(() -> store.list(query(-2, Optional.empty())))
        .isInstanceOf(DataAccessException.class);
  }

  @Test
  void meshesAreListedByName() {
    Mesh last = mesh("zz-" + mesh);
    write(put(last));

    ResourcePage page =
        store.list(
            new ResourceQuery(
                Mesh.TYPE,
                Optional.empty(),
                Optional.of("zz-" + mesh),
                List.of(),
                Optional.empty(),
                10,
                Optional.empty()));

    assertThat(names(page)).containsExactly("zz-" + mesh);
    assertThat(page.total()).isEqualTo(1);
  }

  private WriteResult write(Write write) {
    return store.write(List.of(write), AUTHOR).getFirst();
  }

  private ResourceQuery query(int size, Optional<ResourceKey> after) {
    return new ResourceQuery(
        Dataplane.TYPE,
        Optional.of(mesh),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        size,
        after);
  }

  private ResourceQuery filtered(
      @org.jspecify.annotations.Nullable String name,
      List<Map.Entry<String, String>> tags,
      ResourceQuery.@org.jspecify.annotations.Nullable GatewayFilter gateway) {
    return new ResourceQuery(
        Dataplane.TYPE,
        Optional.of(mesh),
        Optional.ofNullable(name),
        tags,
        Optional.ofNullable(gateway),
        10,
        Optional.empty());
  }

  private static List<String> names(ResourcePage page) {
    return page.items().stream().map(item -> item.key().name()).toList();
  }

  /** Runs tasks at the same time and returns what each returned or which refusal it met. */
  private static List<Object> together(
      int count, java.util.function.IntFunction<Callable<Object>> tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Object>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Callable<Object> task = tasks.apply(i);
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  try {
                    return task.call();
                  } catch (StoreException refused) {
                    return refused;
                  }
                }));
      }
      List<Object> results = new ArrayList<>();
      for (Future<Object> future : running) {
        results.add(future.get());
      }
      return results;
    }
  }
}
