package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.app.database.DatabaseTest;
import com.example.app.database.Migrations;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.test.util.ReflectionTestUtils;

class LinkRepositoryTest extends DatabaseTest {

  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");

  @Autowired private LinkRepository links;
  @Autowired private ClickStore clicks;

  private final String owner = "owner-" + UUID.randomUUID();
  private final String code = "r" + UUID.randomUUID().toString().substring(0, 13);

  @Test
  void theDatabaseTakesACodeOnceWithoutRegardToCase() {
    store(owner, code);

    assertThatThrownBy(() -> store("someone-else", code.toUpperCase(Locale.ROOT)))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void aDeletedLinkKeepsItsCodeAndIsOtherwiseNotThere() {
    Link link = store(owner, code);
    link.delete(NOW);
    links.saveAndFlush(link);

    assertThat(links.find(link.id(), owner)).isEmpty();
    assertThat(links.findForUpdate(link.id(), owner)).isEmpty();
    assertThat(page("%", 10)).isEmpty();
    assertThat(links.findByCode(code)).get().matches(Link::isDeleted);
    assertThatThrownBy(() -> store(owner, code))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void aCodeIsFoundExactlyAsItWasWritten() {
    store(owner, code);

    assertThat(links.findByCode(code)).isPresent();
    assertThat(links.findByCode(code.toUpperCase(Locale.ROOT))).isEmpty();
  }

  @Test
  void aLinkIsItsOwnersAlone() {
    Link link = store(owner, code);

    assertThat(links.find(link.id(), owner)).isPresent();
    assertThat(links.find(link.id(), "someone-else")).isEmpty();
    assertThat(links.findForUpdate(link.id(), "someone-else")).isEmpty();
  }

  @Test
  void aPageIsTheNewestOfOnesOwnBeforeTheCursor() {
    Link first = store(owner, code + "-1");
    Link second = store(owner, code + "-2");
    store("someone-else", code + "-3");

    assertThat(page("%", 10)).containsExactly(code + "-2", code + "-1");
    assertThat(page("%", 1)).containsExactly(code + "-2");
    assertThat(page("%-1", 10)).containsExactly(code + "-1");
    assertThat(page("%EXAMPLE.COM%", 10)).hasSize(2);
    assertThat(links.page(owner, second.id(), "%", Limit.of(10)))
        .extracting(Link::id)
        .containsExactly(first.id());
  }

  @Test
  void ofTwoWhoReadOneVersionTheSecondCannotWrite() {
    Link link = store(owner, code);
    Link mine = links.find(link.id(), owner).orElseThrow();
    Link theirs = links.find(link.id(), owner).orElseThrow();
    mine.delete(NOW);
    links.saveAndFlush(mine);
    theirs.delete(NOW);

    assertThatThrownBy(() -> links.saveAndFlush(theirs))
        .isInstanceOf(ObjectOptimisticLockingFailureException.class);
  }

  @Test
  void anEditDoesNotWriteTheClicksThatItHasRead() {
    Link read = store(owner, code);
    Click click = new Click(read.id(), LocalDate.of(2030, 1, 31), "");
    clicks.count(new ClickBatch(UUID.randomUUID(), Map.of(click, 7L)));
    ReflectionTestUtils.setField(read, "enabled", false);
    links.saveAndFlush(read);

    assertThat(links.findByCode(code)).get().extracting(Link::clicks).isEqualTo(7L);
  }

  @Test
  void theMigrationsMayBeRunAgain() {
    store(owner, code);

    Migrations.run(DATABASE);

    assertThat(links.findByCode(code)).isPresent();
  }

  private Link store(String ownerId, String wanted) {
    return links.saveAndFlush(new Link(ownerId, wanted, "https://example.com/", null, NOW));
  }

  private List<String> page(String pattern, int limit) {
    return links.page(owner, LinkService.NEWEST, pattern, Limit.of(limit)).stream()
        .map(Link::code)
        .toList();
  }
}
