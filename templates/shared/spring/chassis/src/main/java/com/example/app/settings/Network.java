package com.example.app.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A range of addresses in CIDR notation, such as {@code 10.0.0.0/8} or {@code ::1}. */
public record Network(InetAddress address, int prefixLength) {

  static Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address =
        address(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(
                () -> new IllegalArgumentException("must hold networks such as 10.0.0.0/8"));
    int bits = address.getAddress().length * 8;
    return new Network(
        address, slash < 0 ? bits : Environment.integer(0, bits).apply(text.substring(slash + 1)));
  }

  /**
   * An address from its literal form. A name is never looked up: a header must not make us ask a
   * DNS server.
   */
  public static Optional<InetAddress> address(String text) {
    boolean v4 = text.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}");
    if (!v4 && !text.matches("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
