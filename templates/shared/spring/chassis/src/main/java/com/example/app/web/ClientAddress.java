package com.example.app.web;

import com.example.app.settings.Network;
import com.example.app.settings.Settings;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Who is asking. {@code X-Forwarded-For} counts only when the peer is a trusted proxy, and then
 * from the right: everything left of the last untrusted address was written by the client, who
 * would otherwise choose a new address for every request.
 */
@Component
class ClientAddress {

  private final List<Network> trusted;

  ClientAddress(Settings settings) {
    this.trusted = settings.trustedProxies();
  }

  String of(HttpServletRequest request) {
    String client = request.getRemoteAddr();
    if (trusted.isEmpty()) {
      return client;
    }
    String header = String.join(",", Collections.list(request.getHeaders("X-Forwarded-For")));
    String[] hops = header.split(",", -1);
    for (int i = hops.length - 1; i >= 0 && isTrusted(client); i--) {
      Optional<InetAddress> hop = Network.address(hops[i].strip());
      if (hop.isEmpty()) {
        break;
      }
      client = hop.get().getHostAddress();
    }
    return client;
  }

  private boolean isTrusted(String address) {
    return Network.address(address)
        .filter(literal -> trusted.stream().anyMatch(network -> network.contains(literal)))
        .isPresent();
  }
}
