package com.example.app.links;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

/** A short link. Of a deleted one the code stays, so that it is never given out again. */
@Entity
@Table(name = "links")
class Link {

  // Version 7 begins with the time: ordering by id is ordering by age, and new rows go to the end
  // of the index.
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  private @Nullable UUID id;

  @SuppressWarnings("unused") // by queries only
  private @Nullable String ownerId;

  private String code;
  private @Nullable String url;
  private boolean enabled = true;
  private @Nullable Instant expiresAt;

  // Read only: clicks are counted by ClickStore. Were it written here, an edit would undo the
  // clicks of the meantime.
  @Column(insertable = false, updatable = false)
  private long clicks;

  // Raised by every edit, and in the WHERE of every UPDATE.
  @Version private long version;

  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant deletedAt;

  @SuppressWarnings("NullAway.Init")
  protected Link() {} // for JPA

  Link(String ownerId, String code, String url, @Nullable Instant expiresAt, Instant now) {
    this.ownerId = ownerId;
    this.code = code;
    this.url = url;
    this.expiresAt = expiresAt;
    this.createdAt = now;
    this.updatedAt = now;
  }

  /** Changes what the patch names; one that changes nothing leaves the version as it is. */
  void apply(LinkPatch patch, Instant now) {
    String newUrl = patch.url(url());
    boolean newEnabled = patch.enabled(enabled);
    Instant newExpiry = patch.expiresAt(expiresAt);
    if (!newUrl.equals(url) || newEnabled != enabled || !Objects.equals(newExpiry, expiresAt)) {
      url = newUrl;
      enabled = newEnabled;
      expiresAt = newExpiry;
      updatedAt = now;
    }
  }

  /** Erases everything but the code. */
  void delete(Instant now) {
    ownerId = null;
    url = null;
    expiresAt = null;
    deletedAt = now;
  }

  UUID id() {
    return Objects.requireNonNull(id, "not stored yet");
  }

  String code() {
    return code;
  }

  String url() {
    return Objects.requireNonNull(url, "deleted");
  }

  boolean isEnabled() {
    return enabled;
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  long clicks() {
    return clicks;
  }

  long version() {
    return version;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant updatedAt() {
    return updatedAt;
  }

  boolean isDeleted() {
    return deletedAt != null;
  }
}
