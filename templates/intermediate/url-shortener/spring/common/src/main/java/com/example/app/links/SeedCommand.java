package com.example.app.links;

import com.example.app.Command;
import com.example.app.users.User;
import com.example.app.web.ProblemException;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A few links to look at. May be run again: what is there stays. */
@Component
class SeedCommand implements Command {

  private static final Map<String, String> LINKS =
      Map.of(
          "http", "https://www.rfc-editor.org/rfc/rfc9110.html",
          "problems", "https://www.rfc-editor.org/rfc/rfc9457.html",
          "uuid-v7", "https://www.rfc-editor.org/rfc/rfc9562.html#name-uuid-version-7");

  private final LinkService links;

  SeedCommand(LinkService links) {
    this.links = links;
  }

  @Override
  public void run() {
    LINKS.forEach((code, url) -> {
      try {
        links.create(User.LOCAL, new NewLink(url, code, null));
      } catch (ProblemException e) {
        System.out.println(code + ": " + e.problem().detail());
      }
    });
  }
}
