package com.example.app.links;

import com.example.app.web.QueryParameters;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * Where the next page begins: the last id of this one, in a form that nobody is tempted to build by
 * hand.
 */
final class Cursor {

  private static final int BYTES = 16;

  private Cursor() {}

  static String of(UUID id) {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static UUID parse(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.remaining() == BYTES) {
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
        if (id.version() == 7 && of(id).equals(text)) {
          return id;
        }
      }
    } catch (IllegalArgumentException e) {
      // not base64: refused below
    }
    throw QueryParameters.invalid("cursor", "is not one of ours");
  }
}
