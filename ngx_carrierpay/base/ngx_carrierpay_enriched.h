
#ifndef _NGX_CARRIERPAY_ENRICHED_H_INCLUDED_
#define _NGX_CARRIERPAY_ENRICHED_H_INCLUDED_


/*
 * What an operator's gateway writes into a header, and how to read it.
 *
 * A format is written as in nginx.conf, from the outside to the inside:
 *
 *     [cookie,][field-N,][hex,|base64,][CIPHER,]FORM
 *
 *     CIPHER  aes-256-gcm   nonce (12) ciphertext tag (16)
 *             aes-256-cbc   iv (16) ciphertext HMAC-SHA256 (32) of all before
 *             rsa-oaep      one block; OAEP and MGF1 with SHA-256
 *     FORM    e164          33612345678, +33612345678
 *             national      0612345678 (trunk prefix of the numbering), or
 *                           without it
 *             00            0033612345678
 *             acr           an anonymous customer reference
 *
 * A cipher without an encoding has base64 around it; the last word may be
 * left out and is then e164.  base64 may be base64url, hex may have capitals.
 * The frame stands before what is encoded ("tel:", "MSISDN=").  A ciphered
 * value may begin with the id of its key and a colon ("2:q83v..."); without
 * it the newest key is meant.  With a window, the plain text ends with a
 * semicolon and a Unix time in seconds ("33612345678;1753000000"), which must
 * not be older than the window, nor further ahead than
 * NGX_CARRIERPAY_ENRICHED_AHEAD.
 *
 * Pure, and allocates nothing.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_msisdn.h"


#define NGX_CARRIERPAY_ENRICHED_NUMBER_MAX  64      /* bytes of a header, */
#define NGX_CARRIERPAY_ENRICHED_MAX         1024    /* of a token or cipher */
#define NGX_CARRIERPAY_ENRICHED_AHEAD       5       /* s; clocks differ */

/* our form of a customer reference: "acr:" and the operator's token */

#define NGX_CARRIERPAY_ACR_MAX                                                \
    (sizeof("acr:") - 1 + NGX_CARRIERPAY_ENRICHED_MAX)


typedef enum {
    NGX_CARRIERPAY_FORM_E164 = 0,
    NGX_CARRIERPAY_FORM_NATIONAL,
    NGX_CARRIERPAY_FORM_00,
    NGX_CARRIERPAY_FORM_ACR
} ngx_carrierpay_form_e;


typedef enum {
    NGX_CARRIERPAY_ENCODING_NONE = 0,
    NGX_CARRIERPAY_ENCODING_HEX,
    NGX_CARRIERPAY_ENCODING_BASE64
} ngx_carrierpay_encoding_e;


typedef enum {
    NGX_CARRIERPAY_CIPHER_NONE = 0,
    NGX_CARRIERPAY_CIPHER_GCM,
    NGX_CARRIERPAY_CIPHER_CBC,
    NGX_CARRIERPAY_CIPHER_RSA
} ngx_carrierpay_cipher_e;


/* one key of a cipher: 32 bytes (GCM), 64 (CBC, then HMAC), or a pkey */

typedef struct {
    ngx_uint_t                  id;          /* 1 to 255 */
    ngx_str_t                   bytes;
    void                       *pkey;        /* RSA: ngx_carrierpay_rsa_t */
} ngx_carrierpay_enriched_key_t;


typedef struct {
    ngx_uint_t                  cookie;      /* the name is a cookie's */
    ngx_uint_t                  field;       /* of a list, from 1; 0: all */
    ngx_carrierpay_encoding_e   encoding;
    ngx_carrierpay_cipher_e     cipher;
    ngx_carrierpay_form_e       form;

    ngx_str_t                   frame;       /* text before it: "tel:" */
    time_t                      window;      /* s; 0: no time in the text */

    ngx_carrierpay_enriched_key_t  *keys;    /* the newest first */
    ngx_uint_t                      nkeys;
} ngx_carrierpay_enriched_t;


typedef enum {
    NGX_CARRIERPAY_ENRICHED_OK = 0,
    NGX_CARRIERPAY_ENRICHED_NOBODY,      /* empty, "unknown", "0" */
    NGX_CARRIERPAY_ENRICHED_MALFORMED,   /* not of the format or numbering */
    NGX_CARRIERPAY_ENRICHED_FORGED,      /* no such key, or not authentic */
    NGX_CARRIERPAY_ENRICHED_STALE        /* authentic, outside the window */
} ngx_carrierpay_enriched_e;


/* What was read: a number, or a reference (acr.len != 0, msisdn.len == 0). */

typedef struct {
    ngx_carrierpay_msisdn_t     msisdn;
    size_t                      acr_len;
    u_char                      acr[NGX_CARRIERPAY_ACR_MAX];
} ngx_carrierpay_enriched_line_t;


/*
 * Reads the words of format= into cookie, field, encoding, cipher and form;
 * the rest of f is not touched.  NULL, or what is wrong with it, as words for
 * an error message.
 */
const char *ngx_carrierpay_enriched_format(const ngx_str_t *text,
    ngx_carrierpay_enriched_t *f);

/*
 * Reads a header's value (of a cookie: the crumb's).  The number must be the
 * operator's own by its numbering, or a mobile one that may have come to it
 * with its owner.  Control bytes, commas (two headers joined by a hop before
 * us) and absurd lengths are malformed.  A key that we do not have, a wrong
 * MAC or pad, an impossible cipher text: all are forged, and nobody can tell
 * which.  The line is set when the answer is OK, and empty otherwise.
 */
ngx_carrierpay_enriched_e ngx_carrierpay_enriched_read(
    const ngx_carrierpay_enriched_t *f, const ngx_str_t *value,
    const ngx_carrierpay_numbering_t *numbering, time_t now,
    ngx_carrierpay_enriched_line_t *line);


#endif /* _NGX_CARRIERPAY_ENRICHED_H_INCLUDED_ */
