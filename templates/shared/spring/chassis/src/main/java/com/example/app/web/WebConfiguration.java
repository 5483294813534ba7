package com.example.app.web;

import com.example.app.settings.Settings;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Validator;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.catalina.core.StandardHost;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** How Spring MVC and Tomcat are set up for this API. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

  private final Settings settings;
  private final JsonMapper json;
  private final Validator validator;

  WebConfiguration(Settings settings, JsonMapper json, Validator validator) {
    this.settings = settings;
    this.json = json;
    this.validator = validator;
  }

  @Override
  public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
    converters.withJsonConverter(new StrictJsonConverter(json, validator, settings.maxBodyBytes()));
  }

  /** There is one representation of everything, so a wrong Accept header is no reason to refuse. */
  @Override
  public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
    negotiation.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new QueryParametersResolver());
  }

  /** TRACE is a wrong method like others. A servlet would echo the request, cookies and all. */
  @Bean
  static DispatcherServlet dispatcherServlet() {
    return new DispatcherServlet() {
      private static final long serialVersionUID = 1L;

      @Override
      protected void doTrace(HttpServletRequest request, HttpServletResponse response)
          throws ServletException, IOException {
        processRequest(request, response);
      }
    };
  }

  @Bean
  static Clock clock() {
    return Clock.systemUTC();
  }

  /** Before the rate limit, so that a page can read its 429, too, and a preflight costs nothing. */
  @Bean
  FilterRegistrationBean<CorsFilter> corsFilter() {
    CorsConfiguration allowed = new CorsConfiguration();
    allowed.setAllowedOrigins(settings.corsOrigins());
    allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PATCH", "DELETE"));
    allowed.setAllowedHeaders(List.of("*"));
    allowed.setExposedHeaders(List.of("ETag", "Location", "X-Request-Id", "Retry-After"));
    allowed.setMaxAge(600L);
    // Without a configuration the filter adds nothing and lets the request pass: a foreign origin
    // gets no CORS headers, which is
    // what stops its script, while Spring's own refusal would also hit links that are merely
    // followed from elsewhere.
    Set<@Nullable String> origins = new HashSet<>(settings.corsOrigins());
    FilterRegistrationBean<CorsFilter> filter =
        new FilterRegistrationBean<>(
            new CorsFilter(
                request -> origins.contains(request.getHeader("Origin")) ? allowed : null));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    return filter;
  }

  @Bean
  static WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat(
      RequestFilter filter, JsonMapper json) {
    return factory -> {
      factory.addContextCustomizers(context -> {
        StandardHost host = (StandardHost) context.getParent();
        host.setErrorReportValveClass(TomcatErrors.class.getName());
        host.getPipeline().addValve(new TomcatErrors(filter, json));
      });
      factory.addConnectorCustomizers(connector -> {
        // Slashes in disguise reach the routes, which know none of them: 404, not Tomcat's 400.
        connector.setEncodedSolidusHandling("passthrough");
        connector.setEncodedReverseSolidusHandling("passthrough");
        connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
        connector.setProperty("relaxedQueryChars", "\"<>[\\]^`{|}");
        // Not before something reads: a body that is refused by its headers need not be sent.
        connector.setProperty("continueResponseTiming", "onRead");
        // TRACE goes to the routes as well, which answer 405.
        connector.setAllowTrace(true);
      });
    };
  }

  private static final class QueryParametersResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == QueryParameters.class;
    }

    @Override
    public Object resolveArgument(
        MethodParameter parameter,
        @Nullable ModelAndViewContainer container,
        NativeWebRequest request,
        @Nullable WebDataBinderFactory binders) {
      HttpServletRequest servletRequest = request.getNativeRequest(HttpServletRequest.class);
      return new QueryParameters(servletRequest == null ? null : servletRequest.getQueryString());
    }
  }
}
