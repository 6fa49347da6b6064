package io.sluice.agent;

/** What {@code --help} prints. */
final class Usage {

  static final String TEXT =
      """
      Usage: sluice-agent COMMAND [OPTION]...

      Keeps this host's Envoy and redirection as its control plane says.

      Commands:
        run        poll the control plane and apply what it says, until stopped;
                   Envoy and the redirection stay when the agent stops
        once       poll and apply once
        boot       load the rules of what was in force, before services start
        status     print what is in force, as key=value lines
        plan       print what the control plane's bundle would change on this host, as unified
                   diffs of rules and files; changes nothing
        doctor     say what is wrong with this host and what to do about it, one check a line
        uninstall  stop Envoy and restore the host
        setup      create the group sluice, the users sluice-proxy and sluice-dns and the
                   state folder, and check what this host needs

      Options (also as KEY=VALUE in /etc/sluice/agent.properties, or in the environment as
      SLUICE_ and the name in upper case, such as SLUICE_CONTROL_PLANE; the first of command
      line, environment and file counts):
        --control-plane URL     the agents' listener, https://HOST:5678
        --ca-fingerprint HEX    SHA-256 of the control plane's certificate authority
        --token-file FILE       the dataplane's token (or SLUICE_TOKEN holds it);
                                a token is never given on the command line
        --state-dir DIR         default /var/lib/sluice-agent
        --envoy PATH            default: envoy on the PATH
        --dnsmasq PATH          the resolver; default: dnsmasq on the PATH or in /usr/sbin
        --resolv-conf FILE      names the servers that it asks; default /etc/resolv.conf
        --iptables BACKEND      auto (default), nf_tables or legacy
        --dataplane-file FILE   register this Dataplane (YAML, or JSON if so named) first
        --mesh NAME, --name NAME  which dataplane that is

      Only on the command line:
        --config FILE           instead of /etc/sluice/agent.properties
        --dataplane-var N=V     run, once: replaces {{N}} in the Dataplane; may be repeated
        --dry-run               uninstall, setup: only say what would be done; once: plan
        --generation WHAT       plan: that bundle instead, by the digest of one in the state
                                folder, or a folder with a bundle's files
        --json                  doctor: as one JSON object
        --drain SECONDS         uninstall: how long connections may take to end (10)
        --force                 uninstall: also what another agent's state folder owns
        --purge                 uninstall: delete the state folder too
        --help, --version

      Exit status:
        0  done; status: everything is in order
        1  failed; doctor: something is wrong; status: something is not running or not as
           applied; once: no answer
        2  wrong usage or configuration; plan: there is a difference (wrong usage is 1)
        3  refused: once and plan the bundle, run the registration, uninstall another agent's rules
        4  another agent holds the state folder

      Logs are key=value lines on the standard error stream.
      """;

  private Usage() {}
}
