package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import com.example.app.users.User;
import com.example.app.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.PlatformTransactionManager;

class LinkServiceTest {

  private static final UUID ID = UUID.fromString("01970000-0000-7000-8000-000000000001");
  private static final String URL = "https://example.com/";
  private static final Instant NOW = Instant.parse("2030-01-31T00:30:00.123456Z");

  private final LinkRepository repository = mock();
  private final ClickStore clicks = mock();
  private final LinkTargets targets = mock();
  private final Codes codes = mock();
  private final LinkService links =
      new LinkService(
          repository,
          clicks,
          targets,
          codes,
          mock(PlatformTransactionManager.class),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aGeneratedCodeThatIsTakenIsDrawnAgain() {
    given(codes.next()).willReturn("taken00", "free000");
    given(repository.saveAndFlush(any()))
        .willThrow(new DataIntegrityViolationException("taken"))
        .willAnswer(call -> call.getArgument(0));

    Link link = links.create(User.LOCAL, new NewLink(URL, null, null));

    assertThat(link.code()).isEqualTo("free000");
    verify(targets).remember(link);
  }

  @Test
  void drawingEndsWhenSomethingElseMustBeWrong() {
    given(codes.next()).willReturn("taken00");
    given(repository.saveAndFlush(any())).willThrow(new DataIntegrityViolationException("taken"));

    assertThatThrownBy(() -> links.create(User.LOCAL, new NewLink(URL, null, null)))
        .isInstanceOf(DataIntegrityViolationException.class);
    verify(repository, times(10)).saveAndFlush(any());
  }

  @Test
  void aChosenCodeThatIsTakenIsAConflictAndStaysOutOfTheCache() {
    given(repository.saveAndFlush(any())).willThrow(new DataIntegrityViolationException("taken"));

    assertProblem(409, () -> links.create(User.LOCAL, new NewLink(URL, "summer", null)));
    verify(repository, times(1)).saveAndFlush(any());
    verifyNoInteractions(targets);
  }

  @Test
  void timesHaveMilliseconds() {
    given(repository.saveAndFlush(any())).willAnswer(call -> call.getArgument(0));

    assertThat(links.create(User.LOCAL, new NewLink(URL, "summer", null)).createdAt())
        .isEqualTo("2030-01-31T00:30:00.123Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "not-an-id", "01970000-0000-7000-8000-00000000000x"})
  void whatIsNoIdIsNotFoundWithoutAQuestionToTheDatabase(String id) {
    assertProblem(404, () -> links.get(User.LOCAL, id));
    assertProblem(404, () -> links.edit(User.LOCAL, id, null, new LinkPatch()));
    assertProblem(404, () -> links.delete(User.LOCAL, id, null));
    assertProblem(404, () -> links.stats(User.LOCAL, id, 30));
    verifyNoInteractions(repository);
  }

  @ParameterizedTest
  @CsvSource({"50%, %50\\%%", "a_b, %a\\_b%", "a\\b, %a\\\\b%", "'', %%"})
  void whatIsSearchedForIsNoPattern(String text, String pattern) {
    links.list(User.LOCAL, text, LinkService.NEWEST, 21);

    verify(repository).page(eq("local"), eq(LinkService.NEWEST), eq(pattern), any());
  }

  @Test
  void aDeletedLinkIsOverForTheNextVisitor() {
    Link link = stored();

    links.delete(User.LOCAL, ID.toString(), "\"3\"");

    assertThat(link.isDeleted()).isTrue();
    verify(targets).remember(link);
  }

  @Test
  void anOldTagChangesNothing() {
    Link link = stored();

    assertProblem(412, () -> links.delete(User.LOCAL, ID.toString(), "\"2\""));

    assertThat(link.isDeleted()).isFalse();
    verify(targets, never()).remember(any());
  }

  @Test
  void statsHaveEveryDayAndEndToday() {
    Link link = stored();
    LocalDate today = LocalDate.of(2030, 1, 31);
    LocalDate first = today.minusDays(2);
    given(repository.find(ID, "local")).willReturn(Optional.of(link));
    given(clicks.perDay(ID, first)).willReturn(Map.of(first, 4L, today, 1L));
    given(clicks.referrers(ID, first)).willReturn(List.of(new LinkStats.Referrer("a.example", 5)));

    LinkStats stats = links.stats(User.LOCAL, ID.toString(), 3);

    assertThat(stats.perDay())
        .containsExactly(
            new LinkStats.Day(first, 4),
            new LinkStats.Day(today.minusDays(1), 0),
            new LinkStats.Day(today, 1));
    assertThat(stats.referrers()).containsExactly(new LinkStats.Referrer("a.example", 5));
    assertThat(stats.total()).isEqualTo(9);
  }

  private Link stored() {
    Link link = new Link("local", "summer", URL, null, NOW);
    ReflectionTestUtils.setField(link, "id", ID);
    ReflectionTestUtils.setField(link, "version", 3L);
    ReflectionTestUtils.setField(link, "clicks", 9L);
    given(repository.findForUpdate(ID, "local")).willReturn(Optional.of(link));
    return link;
  }

  private static void assertProblem(int status, Runnable call) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.problem().status()).isEqualTo(status));
  }
}
