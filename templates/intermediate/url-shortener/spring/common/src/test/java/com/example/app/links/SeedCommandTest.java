package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import com.example.app.users.User;
import com.example.app.web.Problem.Kind;
import com.example.app.web.ProblemException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class SeedCommandTest {

  private final LinkService links = mock();
  private final SeedCommand seed = new SeedCommand(links);

  @Test
  void whatIsThereAlreadyDoesNotStopTheRest() {
    given(links.create(any(), any())).willThrow(new ProblemException(Kind.CONFLICT, "taken"));

    seed.run();

    verify(links, times(3)).create(eq(User.LOCAL), any());
  }

  @Test
  void theExamplesFollowTheRulesThatHoldForEveryone() {
    seed.run();

    ArgumentCaptor<NewLink> made = ArgumentCaptor.forClass(NewLink.class);
    verify(links, times(3)).create(eq(User.LOCAL), made.capture());
    TargetRules rules = new TargetRules(URI.create("http://127.0.0.1:3000"));
    assertThat(made.getAllValues())
        .allSatisfy(link -> assertThat(rules.rejection(link.url())).isEmpty())
        .allMatch(link -> new FreeCode.Validator().isValid(link.code(), mock()));
  }
}
