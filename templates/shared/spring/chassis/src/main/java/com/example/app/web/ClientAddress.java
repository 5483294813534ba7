package com.example.app.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;

/**
 * Which client a request counts for.
 *
 * <p>Not Tomcat's {@code RemoteIpValve}: some proxies write a port after the address, and the valve
 * keeps it. Each connection would then count as another client.
 */
class ClientAddress {

  // Only literal addresses: a name would be looked up in the DNS for each request.
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?<v4>(?:BYTE\\.){3}BYTE)(?::\\d+)?|\\[?(?<v6>[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)(?:%\\w+)?(?:](?::\\d+)?)?"
              .replace("BYTE", "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"));

  private final List<NetMask> trustedProxies;

  ClientAddress(List<String> trustedNetworks) {
    trustedProxies = trustedNetworks.stream().map(NetMask::new).toList();
  }

  /**
   * The peer; behind trusted proxies, the right-most entry of {@code X-Forwarded-For} that is not
   * one of them. Everything to the left of it was written by the client and may be invented. One
   * person usually has a whole /64 of IPv6, so those addresses count as one.
   */
  String of(HttpServletRequest request) {
    Optional<InetAddress> address = parse(request.getRemoteAddr());
    List<String> entries =
        Collections.list(request.getHeaders("X-Forwarded-For")).stream()
            .flatMap(header -> Arrays.stream(header.split(",")))
            .toList();
    for (String entry : entries.reversed()) {
      Optional<InetAddress> next = parse(entry.strip());
      if (next.isEmpty() || address.filter(this::isTrusted).isEmpty()) {
        break;
      }
      address = next;
    }
    return address.map(ClientAddress::key).orElse(request.getRemoteAddr());
  }

  private boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(network -> network.matches(address));
  }

  private static String key(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, 8)
        : address.getHostAddress();
  }

  private static Optional<InetAddress> parse(String text) {
    Matcher match = ADDRESS.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    try {
      String literal = match.group("v4") == null ? match.group("v6") : match.group("v4");
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
