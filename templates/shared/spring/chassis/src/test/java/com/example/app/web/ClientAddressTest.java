package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientAddressTest {

  private static final String PROXY = "10.0.0.1";

  private final ClientAddress clients = new ClientAddress(List.of("10.0.0.0/8", "fd00::/8"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1                        | 192.0.2.1",
        "192.0.2.1:40001                  | 192.0.2.1",
        "203.0.113.9, 192.0.2.1           | 192.0.2.1",
        "192.0.2.1, 10.0.0.2:80, fd00::1  | 192.0.2.1",
        "::ffff:192.0.2.1                 | 192.0.2.1",
        "10.0.0.3, 10.0.0.2               | 10.0.0.3",
        "192.0.2.1, nonsense, 10.0.0.2    | 10.0.0.2",
        "192.0.2.1, 256.1.1.1             | 10.0.0.1",
      })
  void behindProxiesItIsTheLastAddressThatIsNotTheirs(String forwardedFor, String client) {
    assertThat(client(PROXY, forwardedFor)).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443", "2001:DB8:0:0:ffff::2"})
  void aNetworkOfIpv6IsOneClient(String address) {
    assertThat(client(PROXY, address)).isEqualTo(client("2001:db8::3", null));
    assertThat(client(PROXY, address)).isNotEqualTo(client("2001:db8:0:1::1", null));
  }

  @Test
  void aPeerThatIsNoProxyIsNotBelieved() {
    assertThat(client("198.51.100.1", "192.0.2.1")).isEqualTo("198.51.100.1");
  }

  private String client(String peer, @Nullable String forwardedFor) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setRemoteAddr(peer);
    if (forwardedFor != null) {
      request.addHeader("X-Forwarded-For", forwardedFor);
    }
    return clients.of(request);
  }
}
