package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verifyNoInteractions;

import com.example.app.web.WebSlice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** What is well-formed and still refused, always by the name of what is wrong. */
@WebMvcTest(LinkController.class)
@Import(WebSlice.class)
class LinkValidationTest {

  private static final String LINKS = "/api/v1/links";
  private static final String ONE = LINKS + "/01970000-0000-7000-8000-000000000001";

  @Autowired private MockMvcTester mvc;
  @MockitoBean private LinkService links;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{}                                                             | url",
        "{'url': null}                                                  | url",
        "{'url': 5}                                                     | url",
        "{'url': ''}                                                    | url",
        "{'url': 'javascript:alert(1)'}                                 | url",
        "{'url': 'https://sho.rt/loop'}                                 | url",
        "{'url': 'https://example.com/', 'code': 'ab'}                  | code",
        "{'url': 'https://example.com/', 'code': 'Admin'}               | code",
        "{'url': 'https://example.com/', 'code': 7}                     | code",
        "{'url': 'https://example.com/', 'expiresAt': '2001-01-01T00:00:00Z'} | expiresAt",
        "{'url': 'https://example.com/', 'expiresAt': 'tomorrow'}       | expiresAt",
        "{'url': 'https://example.com/', 'ownerId': 'ann'}              | ownerId",
        "{'url': 'https://example.com/', 'enabled': false}              | enabled",
      })
  void whatCannotBeCreatedIsRefusedByTheNameOfItsMember(String body, String field) {
    assertThat(send(HttpMethod.POST, LINKS, body))
        .hasStatus(422)
        .bodyJson()
        .extractingPath("$.errors[0].field")
        .isEqualTo(field);
    verifyNoInteractions(links);
  }

  @Test
  void everyMemberThatIsWrongIsNamed() {
    assertThat(send(HttpMethod.POST, LINKS, "{'url': 'ftp://example.com', 'code': '?'}"))
        .hasStatus(422)
        .bodyJson()
        .extractingPath("$.errors[*].field")
        .asArray()
        .containsExactlyInAnyOrder("url", "code");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "cursor=x", "cursor=", "q=a&q=b"})
  void aBadQueryIsRefusedByTheNameOfItsParameter(String query) {
    assertThat(mvc.get().uri(LINKS + "?" + query))
        .hasStatus(422)
        .bodyJson()
        .extractingPath("$.errors[0].field")
        .isEqualTo(query.substring(0, query.indexOf('=')));
    verifyNoInteractions(links);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'url': null}                            | url",
        "{'url': 'data:text/html,x'}              | url",
        "{'enabled': null}                        | enabled",
        "{'enabled': 'yes'}                       | enabled",
        "{'expiresAt': '2001-01-01T00:00:00Z'}    | expiresAt",
        "{'expiresAt': 0}                         | expiresAt",
        "{'code': 'other'}                        | code",
        "{'clicks': 0}                            | clicks",
      })
  void whatCannotBeEditedIsRefusedByTheNameOfItsMember(String body, String field) {
    assertThat(send(HttpMethod.PATCH, ONE, body))
        .hasStatus(422)
        .bodyJson()
        .extractingPath("$.errors[0].field")
        .isEqualTo(field);
    verifyNoInteractions(links);
  }

  private MvcTestResult send(HttpMethod method, String path, String body) {
    return mvc.method(method)
        .uri(path)
        .contentType(MediaType.APPLICATION_JSON)
        .content(body.replace('\'', '"'))
        .exchange();
  }
}
