package io.sluice.resources.transparentproxy;

import io.sluice.resources.document.Shown;
import io.sluice.resources.transparentproxy.TransparentProxyConf.CaptureMode;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Dns;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Inbound;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Log;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Outbound;
import io.sluice.resources.transparentproxy.TransparentProxyConf.Redirect;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be said about capturing traffic, apart from what the fields' own forms decide. */
final class ConfRules {

  /** As useradd takes it. */
  private static final Pattern USER_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  private static final Pattern UID = Pattern.compile("[1-9][0-9]{0,9}");

  /** The kernel takes all 32 bits for "no user". */
  private static final long HIGHEST_UID = (1L << 32) - 2;

  private static final Pattern ABSOLUTE_PATH = Pattern.compile("/[A-Za-z0-9._/-]{1,255}");
  private static final String RESOLV_CONF = "/etc/resolv.conf";
  private static final int HIGHEST_PORT = 65535;
  private static final int HIGHEST_LEVEL = 7;

  private final Findings findings;
  private final Map<Integer, Path> ports = new HashMap<>();

  private ConfRules(Findings findings) {
    this.findings = findings;
  }

  static void check(TransparentProxyConf conf, Path at, Findings findings) {
    new ConfRules(findings).check(conf, at);
  }

  private void check(TransparentProxyConf conf, Path at) {
    if (conf.mode() == CaptureMode.EBPF) {
      findings.warning(
          at.field("mode"), "the agent has no eBPF programs yet: iptables captures the traffic");
    }
    String user = conf.proxyUser();
    if (user != null && !isProxyUser(user)) {
      findings.violation(
          at.field("proxyUser"),
          "must be a user's name (lower-case letters, digits, - and _, at most 32) or a UID from 1"
              + " to "
              + HIGHEST_UID
              + ", and not root's, as which Envoy is never run; not "
              + Shown.of(user));
    }
    if (conf.redirect() != null) {
      check(conf.redirect(), at.field("redirect"));
    }
    Log log = conf.log();
    if (log != null && log.level() != null && (log.level() < 0 || log.level() > HIGHEST_LEVEL)) {
      findings.violation(
          at.field("log").field("level"),
          "must be a level of syslog from 0 to " + HIGHEST_LEVEL + ", not " + log.level());
    }
  }

  private static boolean isProxyUser(String user) {
    return UID.matcher(user).matches()
        ? Long.parseLong(user) <= HIGHEST_UID
        : USER_NAME.matcher(user).matches() && !user.equals("root");
  }

  private void check(Redirect redirect, Path at) {
    Inbound inbound = redirect.inbound();
    if (inbound != null) {
      Path place = at.field("inbound");
      checkPort(inbound.port(), place);
      checkLists(inbound.includePorts(), inbound.excludePorts(), place);
    }
    Outbound outbound = redirect.outbound();
    if (outbound != null) {
      Path place = at.field("outbound");
      checkPort(outbound.port(), place);
      checkLists(outbound.includePorts(), outbound.excludePorts(), place);
    }
    Dns dns = redirect.dns();
    if (dns != null) {
      Path place = at.field("dns");
      checkPort(dns.port(), place);
      String path = dns.resolvConfigPath();
      if (path != null && !ABSOLUTE_PATH.matcher(path).matches()) {
        findings.violation(
            place.field("resolvConfigPath"),
            "must be an absolute path of letters, digits, and . _ - / , not " + Shown.of(path));
      } else if (path != null && !path.equals(RESOLV_CONF)) {
        findings.warning(
            place.field("resolvConfigPath"),
            "the agent reads " + RESOLV_CONF + " on its host, and nothing else");
      }
    }
  }

  private void checkPort(@Nullable Integer port, Path at) {
    if (port == null) {
      return;
    }
    Path place = at.field("port");
    if (port < 1 || port > HIGHEST_PORT) {
      findings.violation(
          place, "port must be in the range [1, " + HIGHEST_PORT + "]; it is " + port);
      return;
    }
    Path first = ports.putIfAbsent(port, place);
    if (first != null) {
      findings.violation(place, "must differ from " + first + "; both are " + port);
    }
  }

  private void checkLists(@Nullable List<?> include, @Nullable List<?> exclude, Path at) {
    if (include != null && !include.isEmpty() && exclude != null && !exclude.isEmpty()) {
      findings.warning(
          at.field("excludePorts"),
          "means nothing where includePorts is set: only what is included is captured, as in Kuma");
    }
  }
}
