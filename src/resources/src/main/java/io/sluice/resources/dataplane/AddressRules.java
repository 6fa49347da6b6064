package io.sluice.resources.dataplane;

import io.sluice.resources.document.Shown;
import io.sluice.resources.net.HostName;
import io.sluice.resources.net.IpAddress;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which addresses may stand where. */
record AddressRules(Networking networking, Findings findings) {

  void check() {
    Path address = Fields.NETWORKING.field("address");
    if (networking.address().isEmpty()) {
      findings.violation(address, "address can't be empty");
    } else {
      checkHost(networking.address(), "address", address);
    }
    if (networking.advertisedAddress() != null) {
      checkHost(
          networking.advertisedAddress(),
          "advertisedAddress",
          Fields.NETWORKING.field("advertisedAddress"));
    }
    for (int i = 0; i < networking.inbound().size(); i++) {
      Inbound inbound = networking.inbound().get(i);
      checkIp(inbound.address(), "address", Fields.inbound(i).field("address"));
      warnIfNotDialled(inbound, Fields.inbound(i).field("address"));
      checkIp(
          inbound.serviceAddress(), "serviceAddress", Fields.inbound(i).field("serviceAddress"));
    }
    for (int i = 0; i < networking.outbound().size(); i++) {
      checkIp(
          networking.outbound().get(i).address(), "address", Fields.outbound(i).field("address"));
    }
  }

  private void warnIfNotDialled(Inbound inbound, Path at) {
    if (inbound.offersService()
        && inbound.state() != Inbound.State.IGNORED
        && !networking.isDialled(inbound)) {
      findings.warning(
          at,
          (IpAddress.parse(networking.listener(inbound).address())
                      .filter(IpAddress::isLoopback)
                      .isPresent()
                  ? "is a loopback address"
                  : "stands for addresses of the family that networking.address is not of")
              + ": others can't dial it, and the inbound is no endpoint of its service. Give an address of the host, or what others dial in"
              + " networking.advertisedAddress");
    }
  }

  /** An address that others dial: an IP address of one host, or a name. */
  private void checkHost(String text, String name, Path at) {
    Optional<IpAddress> ip = IpAddress.parse(text);
    if (ip.isEmpty() && !HostName.isValid(text)) {
      findings.violation(
          at, name + " has to be valid IP address or domain name, not " + Shown.of(text));
    }
    if (ip.filter(IpAddress::isWildcard).isPresent()) {
      findings.violation(
          at, "must not be 0.0.0.0 or ::, as others dial it; it is " + Shown.of(text));
    }
    ip.ifPresent(address -> refuseGroup(address, text, name, at));
  }

  private void checkIp(@Nullable String text, String name, Path at) {
    if (text == null) {
      return;
    }
    Optional<IpAddress> ip = IpAddress.parse(text);
    if (ip.isEmpty()) {
      findings.violation(at, name + " has to be valid IP address, not " + Shown.of(text));
    }
    ip.ifPresent(address -> refuseGroup(address, text, name, at));
  }

  private void refuseGroup(IpAddress address, String text, String name, Path at) {
    if (address.isGroup()) {
      findings.violation(
          at,
          name
              + " has to be the address of one host; "
              + Shown.of(text)
              + " is a multicast or broadcast address");
    }
  }
}
