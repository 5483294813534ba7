package com.example.app.links;

import com.example.app.settings.Settings;
import com.example.app.users.CurrentUser;
import com.example.app.users.User;
import com.example.app.web.EntityTags;
import com.example.app.web.QueryParameters;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/links")
class LinkController {

  @Schema(requiredProperties = {"items", "nextCursor"})
  record LinkPage(
      List<LinkView> items, @Schema(types = {"string", "null"}) @Nullable String nextCursor) {}

  private final LinkService links;
  private final String publicUrl;

  LinkController(LinkService links, Settings settings) {
    this.links = links;
    this.publicUrl = settings.publicUrl().toString();
  }

  @PostMapping
  @Operation(
      operationId = "createLink",
      summary = "Create a link, with a generated or a chosen code")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<LinkView> create(@CurrentUser User user, @Valid @RequestBody NewLink body) {
    Link link = links.create(user, body);
    return ResponseEntity.created(URI.create("/api/v1/links/" + link.id()))
        .eTag(EntityTags.of(link.version()))
        .body(view(link));
  }

  @GetMapping
  @Operation(operationId = "listLinks", summary = "One's own links, newest first")
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
  @Parameter(name = "cursor", in = ParameterIn.QUERY, schema = @Schema(type = "string"))
  @Parameter(
      name = "q",
      in = ParameterIn.QUERY,
      description = "A part of the code or URL",
      schema = @Schema(type = "string", maxLength = 200))
  LinkPage list(@CurrentUser User user, QueryParameters query) {
    int limit = query.integer("limit", 20, 1, 100);
    UUID before = query.text("cursor", 100).map(Cursor::parse).orElse(LinkService.NEWEST);
    // One more than asked for tells whether there is a next page.
    List<Link> found = links.list(user, query.text("q", 200).orElse(""), before, limit + 1);
    List<Link> page = found.subList(0, Math.min(limit, found.size()));
    return new LinkPage(
        page.stream().map(this::view).toList(),
        found.size() > limit ? Cursor.of(page.getLast().id()) : null);
  }

  @GetMapping("/{id}")
  @Operation(operationId = "readLink", summary = "One link")
  @ApiResponse(responseCode = "200", description = "The link")
  @ApiResponse(responseCode = "304", description = "Not modified", content = @Content)
  ResponseEntity<LinkView> get(
      @CurrentUser User user,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
          @Nullable String ifNoneMatch) {
    Link link = links.get(user, id);
    if (EntityTags.isCurrent(ifNoneMatch, link.version())) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED)
          .eTag(EntityTags.of(link.version()))
          .build();
    }
    return withTag(link);
  }

  @PatchMapping("/{id}")
  @Operation(operationId = "editLink", summary = "Change the members that are sent")
  ResponseEntity<LinkView> edit(
      @CurrentUser User user,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody LinkPatch body) {
    return withTag(links.edit(user, id, ifMatch, body));
  }

  @DeleteMapping("/{id}")
  @Operation(operationId = "deleteLink", summary = "Delete a link; its code stays taken")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @CurrentUser User user,
      @PathVariable String id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    links.delete(user, id, ifMatch);
  }

  @GetMapping("/{id}/stats")
  @Operation(operationId = "readLinkStats", summary = "Clicks by day and by referrer")
  @Parameter(
      name = "days",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "integer", minimum = "1", maximum = "90", defaultValue = "30"))
  LinkStats stats(@CurrentUser User user, @PathVariable String id, QueryParameters query) {
    return links.stats(user, id, query.integer("days", 30, 1, 90));
  }

  @GetMapping("/{id}/qr.svg")
  @Operation(operationId = "readLinkQrCode", summary = "The short URL as a QR code")
  @ApiResponse(
      responseCode = "200",
      description = "The image",
      content = @Content(mediaType = "image/svg+xml"))
  ResponseEntity<String> qrCode(@CurrentUser User user, @PathVariable String id) {
    return ResponseEntity.ok()
        .contentType(MediaType.valueOf("image/svg+xml"))
        .body(QrCode.svg(shortUrl(links.get(user, id))));
  }

  private ResponseEntity<LinkView> withTag(Link link) {
    return ResponseEntity.ok().eTag(EntityTags.of(link.version())).body(view(link));
  }

  private LinkView view(Link link) {
    return new LinkView(
        link.id().toString(),
        link.code(),
        shortUrl(link),
        link.url(),
        link.isEnabled(),
        link.expiresAt(),
        link.clicks(),
        link.createdAt(),
        link.updatedAt());
  }

  private String shortUrl(Link link) {
    return publicUrl + "/" + link.code();
  }
}
