package io.sluice.rendering.services;

import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.discovery.DataplaneHealth;
import io.sluice.resources.discovery.DataplanePresence;
import io.sluice.resources.discovery.ResolvedAddress;
import io.sluice.resources.discovery.VirtualAddress;
import io.sluice.resources.net.HostName;
import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What one mesh offers at one moment. It is built up by edits, each of which costs what it changes;
 * the same resources make an equal catalogue in whatever order they come.
 */
public final class Catalogue {

  /** Where services have their default names; a name in it that the mesh has not is none. */
  public static final String DOMAIN = "mesh";

  private final PSortedMap<String, Member> members;
  private final Literals literals;

  /** The dataplanes that have to be looked at again when a name gets another address. */
  private final PSortedMap<String, PSortedSet<String>> usersOfName;

  private final Offered offered;

  private Catalogue(
      PSortedMap<String, Member> members,
      Literals literals,
      PSortedMap<String, PSortedSet<String>> usersOfName,
      Offered offered) {
    this.members = members;
    this.literals = literals;
    this.usersOfName = usersOfName;
    this.offered = offered;
  }

  /** A mesh in which there is nothing. */
  public static Catalogue empty() {
    return new Catalogue(TreePMap.empty(), Literals.NONE, TreePMap.empty(), Offered.nothing());
  }

  /** Whether nothing is known of the mesh. */
  public boolean isEmpty() {
    return members.isEmpty() && literals.byName().isEmpty() && offered.isNothing();
  }

  /** With a dataplane, in place of one of that name. */
  public Catalogue with(Dataplane dataplane) {
    return member(dataplane.name(), member(dataplane.name()).with(dataplane));
  }

  /** Without the dataplane of that name. */
  public Catalogue withoutDataplane(String name) {
    return member(name, member(name).with((Dataplane) null));
  }

  /** With what was found of a dataplane's applications. */
  public Catalogue with(DataplaneHealth health) {
    return member(health.name(), member(health.name()).with(health));
  }

  /** With nothing known of a dataplane's applications. */
  public Catalogue withoutHealth(String dataplane) {
    return member(dataplane, member(dataplane).with((DataplaneHealth) null));
  }

  /** With a dataplane that is not present. */
  public Catalogue with(DataplanePresence presence) {
    return member(presence.name(), member(presence.name()).with(presence));
  }

  /** With a dataplane that is present. */
  public Catalogue withoutPresence(String dataplane) {
    return member(dataplane, member(dataplane).with((DataplanePresence) null));
  }

  /** With the address of a DNS name. */
  public Catalogue with(ResolvedAddress resolved) {
    return resolving(resolved.name(), literals.with(resolved));
  }

  /** Without the address of a DNS name. */
  public Catalogue withoutResolved(String name) {
    return resolving(name, literals.without(name));
  }

  /** With the addresses of a name of the mesh; released ones count for nothing. */
  public Catalogue with(VirtualAddress address) {
    return address.inUse()
        ? offering(offered.with(address))
        : withoutVirtualAddress(address.name());
  }

  /** Without the addresses of a name of the mesh. */
  public Catalogue withoutVirtualAddress(String host) {
    return offering(offered.withoutAddress(host));
  }

  /**
   * With a VirtualOutbound, in place of one of that name.
   *
   * @param created when it was created, in microseconds since 1970
   */
  public Catalogue with(VirtualOutbound policy, long created) {
    return offering(offered.with(offered.names().with(Namer.of(policy, created))));
  }

  /** Without the VirtualOutbound of that name. */
  public Catalogue withoutVirtualOutbound(String name) {
    return offering(offered.with(offered.names().without(name)));
  }

  /** All services, sorted by name. */
  public Collection<Service> services() {
    return offered.services().values();
  }

  /** The service of that name, if any inbound offers it. */
  public Optional<Service> service(String name) {
    return Optional.ofNullable(offered.services().get(name));
  }

  /** What a dataplane offers, as it is declared. */
  public List<Offer> offers(String dataplane) {
    return member(dataplane).offers(literals);
  }

  /**
   * All endpoints that carry the tags.
   *
   * @param tags {@code kuma.io/service} among them
   */
  public Destination destination(SortedMap<String, String> tags) {
    return offered.destination(tags);
  }

  /**
   * What a dataplane may reach by name.
   *
   * @param reachableServices the services that it may reach; empty means all
   */
  public Reach reach(Collection<String> reachableServices) {
    return offered.reach(new TreeSet<>(reachableServices));
  }

  /**
   * Where dataplanes can be reached by address that offer one of the services, ready or not; sorted
   * by address and port, one's own among them.
   *
   * @param services {@code *} stands for all
   */
  public List<Endpoint> directAccess(Collection<String> services) {
    return offered.directAccess(new TreeSet<>(services));
  }

  /** The hosts that the mesh wants to have, in lower case. */
  public SortedSet<String> hosts() {
    return offered.names().hosts();
  }

  /** Those of the hosts that have no addresses, sorted. */
  public List<String> hostsWithoutAddress() {
    return offered.hostsWithoutAddress();
  }

  /**
   * A dataplane of the mesh with its host's address where it is declared with a name; as it is
   * while the name has no known address.
   */
  public Dataplane located(Dataplane dataplane) {
    String declared = dataplane.networking().address();
    return Literals.name(declared)
        .flatMap(name -> literals.literal(name))
        .map(dataplane::at)
        .orElse(dataplane);
  }

  /** The dataplanes that have a DNS name instead of an address somewhere. */
  public SortedSet<String> usersOf(String name) {
    return usersOfName.getOrDefault(HostName.canonical(name), TreePSet.empty());
  }

  /** The DNS names of dataplanes that have to be resolved, each in its one spelling. */
  public SortedSet<String> unliteral() {
    return usersOfName.keySet();
  }

  /** All names that the mesh wants to have, and who gets none. */
  public Names names() {
    return offered.allNames();
  }

  private Member member(String name) {
    Member member = members.get(name);
    return member == null ? Member.UNKNOWN : member;
  }

  private Catalogue member(String name, Member now) {
    Member before = member(name);
    PSortedMap<String, PSortedSet<String>> users = usersOfName;
    if (!Objects.equals(before.dataplane(), now.dataplane())) {
      for (String left : before.names()) {
        PSortedSet<String> others = users.getOrDefault(left, TreePSet.empty()).minus(name);
        users = others.isEmpty() ? users.minus(left) : users.plus(left, others);
      }
      for (String used : now.names()) {
        users = users.plus(used, users.getOrDefault(used, TreePSet.empty()).plus(name));
      }
    }
    return new Catalogue(
        now.isUnknown() ? members.minus(name) : members.plus(name, now),
        literals,
        users,
        offered.replace(name, before.offers(literals), now.offers(literals)));
  }

  private Catalogue resolving(String name, Literals now) {
    Offered changed = offered;
    for (String user : usersOf(name)) {
      Member member = member(user);
      changed = changed.replace(user, member.offers(literals), member.offers(now));
    }
    return new Catalogue(members, now, usersOfName, changed);
  }

  private Catalogue offering(Offered now) {
    return now == offered ? this : new Catalogue(members, literals, usersOfName, now);
  }
}
