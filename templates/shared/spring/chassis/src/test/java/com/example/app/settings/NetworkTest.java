package com.example.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.4.0/22, 192.168.7.9, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "2001:db8::/32, 2001:db8:1::1, true",
    "::1, 127.0.0.1, false",
  })
  void containsTheAddressesOfItsPrefix(String network, String address, boolean expected) {
    assertThat(Network.parse(network).contains(Network.address(address).orElseThrow()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "dead", "1.2.3", "256.1.1.1", "", "1.2.3.4:80"})
  void onlyLiteralsAreAddresses(String text) {
    assertThat(Network.address(text)).isEmpty();
  }

  @Test
  void anAddressIsANetworkOfOne() {
    assertThat(Network.parse("::1").prefixLength()).isEqualTo(128);
  }
}
