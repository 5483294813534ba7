package com.example.app.links;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

@Transactional(readOnly = true)
interface LinkRepository extends Repository<Link, UUID> {

  /**
   * Stores a new link at once.
   *
   * @throws org.springframework.dao.DataIntegrityViolationException if its code is taken
   */
  @Transactional
  Link saveAndFlush(Link link);

  @Query("select l from Link l where l.id = :id and l.ownerId = :ownerId and l.deletedAt is null")
  Optional<Link> find(UUID id, String ownerId);

  /**
   * Locks the row until the transaction ends, so that what was checked still holds when it is
   * written.
   */
  @Transactional
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select l from Link l where l.id = :id and l.ownerId = :ownerId and l.deletedAt is null")
  Optional<Link> findForUpdate(UUID id, String ownerId);

  /** Any link of that code, the deleted too. The first condition is what the index knows. */
  @Query("select l from Link l where lower(l.code) = lower(:code) and l.code = :code")
  Optional<Link> findByCode(String code);

  /**
   * One page, newest first.
   *
   * @param before the last id of the page before
   * @param pattern for LIKE, with {@code \} as escape character
   */
  @Query(
      """
      select l from Link l
      where l.ownerId = :ownerId and l.deletedAt is null and l.id < :before
        and (lower(l.code) like lower(:pattern) escape '\\' or lower(l.url) like lower(:pattern) escape '\\')
      order by l.id desc
      """)
  List<Link> page(String ownerId, UUID before, String pattern, Limit limit);
}
