package com.example.app.links;

import com.example.app.users.User;
import com.example.app.web.EntityTags;
import com.example.app.web.Problem;
import com.example.app.web.Problem.Kind;
import com.example.app.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What one can do with one's links. */
@Service
class LinkService {

  /** With 62^7 codes a second try is rare, and a tenth means that something else is wrong. */
  private static final int TRIES = 10;

  /** Greater than every id. */
  static final UUID NEWEST = new UUID(-1, -1);

  private final LinkRepository links;
  private final ClickStore clicks;
  private final LinkTargets targets;
  private final Codes codes;
  private final TransactionTemplate transaction;
  private final Clock clock;

  LinkService(
      LinkRepository links,
      ClickStore clicks,
      LinkTargets targets,
      Codes codes,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.links = links;
    this.clicks = clicks;
    this.targets = targets;
    this.codes = codes;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Creates a link. There is no look before the write: of a hundred clients that want one code, all
   * would see it free. The unique index decides.
   */
  Link create(User owner, NewLink request) {
    for (int tries = 1; ; tries++) {
      String code = request.code() == null ? codes.next() : request.code();
      try {
        Link link =
            links.saveAndFlush(
                new Link(owner.id(), code, request.url(), request.expiresAt(), now()));
        targets.remember(link);
        return link;
      } catch (DataIntegrityViolationException e) {
        if (request.code() != null) {
          throw new ProblemException(Kind.CONFLICT, "This code is taken.");
        }
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  Link get(User owner, String id) {
    return links.find(parse(id), owner.id()).orElseThrow(LinkService::notFound);
  }

  /**
   * One's own links, newest first.
   *
   * @param text part of a code or URL; empty for all
   */
  List<Link> list(User owner, String text, UUID before, int limit) {
    String literal = text.replaceAll("[\\\\%_]", "\\\\$0");
    return links.page(owner.id(), before, "%" + literal + "%", Limit.of(limit));
  }

  Link edit(User owner, String id, @Nullable String ifMatch, LinkPatch patch) {
    return write(owner, id, ifMatch, link -> link.apply(patch, now()));
  }

  void delete(User owner, String id, @Nullable String ifMatch) {
    write(
        owner,
        id,
        ifMatch,
        link -> {
          link.delete(now());
          clicks.erase(link.id());
        });
  }

  /** The link's clicks of the last days; today is the last of them. */
  LinkStats stats(User owner, String id, int days) {
    Link link = get(owner, id);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate first = today.minusDays(days - 1L);
    Map<LocalDate, Long> counted = clicks.perDay(link.id(), first);
    List<LinkStats.Day> perDay =
        first
            .datesUntil(today.plusDays(1))
            .map(day -> new LinkStats.Day(day, counted.getOrDefault(day, 0L)))
            .toList();
    return new LinkStats(link.clicks(), perDay, clicks.referrers(link.id(), first));
  }

  private Link write(User owner, String id, @Nullable String ifMatch, Consumer<Link> change) {
    UUID key = parse(id);
    Link written =
        transaction.execute(status -> {
          Link link = links.findForUpdate(key, owner.id()).orElseThrow(LinkService::notFound);
          // Under the row's lock: two edits of one version cannot both pass.
          if (!EntityTags.permitsWrite(ifMatch, link.version())) {
            throw new ProblemException(
                Kind.PRECONDITION_FAILED, "The link has changed since you read it.");
          }
          change.accept(link);
          return link;
        });
    targets.remember(Objects.requireNonNull(written));
    return written;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static UUID parse(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  private static ProblemException notFound() {
    return new ProblemException(Problem.notFound());
  }
}
