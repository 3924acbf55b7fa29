
#ifndef _NGX_CARRIERPAY_ENRICHED_FORMAT_H_INCLUDED_
#define _NGX_CARRIERPAY_ENRICHED_FORMAT_H_INCLUDED_


/*
 * The format of a header into which an operator's gateway writes the number
 * of its customer, a practice known as header enrichment.
 *
 * A format is written in nginx.conf, from the outside to the inside:
 *
 *     [cookie,][field-N,][hex,|base64,][CIPHER,]FORM
 *
 *     CIPHER  aes-256-gcm   nonce (12) ciphertext tag (16)
 *             aes-256-cbc   iv (16) ciphertext HMAC-SHA256 (32) of all before
 *             rsa-oaep      one block; OAEP and MGF1 with SHA-256
 *     FORM    e164          33612345678, +33612345678
 *             national      0612345678, with the trunk prefix of the numbering
 *                           or without it
 *             00            0033612345678
 *             acr           an anonymous customer reference
 *
 * A cipher without an encoding has base64 around it.  The form may be left
 * out and is then e164.  Both alphabets of RFC 4648 are read as base64, and
 * hex may have capital letters.  The frame ("tel:", "MSISDN=") stands before
 * what is encoded.  A ciphered value may begin with the id of its key and a
 * colon ("2:q83v..."); without an id the newest key is meant.  With a window,
 * the plain text ends with a semicolon and a Unix time in seconds
 * ("33612345678;1753000000").
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* bytes of a header with a number, and of one with a cipher or a reference */

#define NGX_CARRIERPAY_ENRICHED_NUMBER_MAX  64
#define NGX_CARRIERPAY_ENRICHED_MAX         1024


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


/*
 * A key: 32 bytes for GCM, 64 for CBC and its HMAC, or an RSA key.  Those of
 * GCM and RSA are loaded, as ngx_carrierpay_gcm_t or ngx_carrierpay_rsa_t.
 */

typedef struct {
    ngx_uint_t                      id;         /* 1 to 255 */
    ngx_str_t                       bytes;
    void                           *loaded;     /* NULL: a key of CBC */
} ngx_carrierpay_enriched_key_t;


typedef struct {
    ngx_uint_t                      cookie;     /* the name is a cookie's */
    ngx_uint_t                      field;      /* of a list, from 1; 0: the
                                                   value is no list */
    ngx_carrierpay_encoding_e       encoding;
    ngx_carrierpay_cipher_e         cipher;
    ngx_carrierpay_form_e           form;

    ngx_str_t                       frame;      /* text before it: "tel:" */
    time_t                          window;     /* s; 0: no time in the text */

    ngx_carrierpay_enriched_key_t  *keys;       /* the newest first */
    ngx_uint_t                      nkeys;
} ngx_carrierpay_enriched_format_t;


/*
 * Reads the words of format= into cookie, field, encoding, cipher and form,
 * and touches nothing else of f.  Returns NULL, or else what is wrong, as
 * words for an error message; f is then not touched.
 */
const char *ngx_carrierpay_enriched_format_parse(const ngx_str_t *text,
    ngx_carrierpay_enriched_format_t *f);


#endif /* _NGX_CARRIERPAY_ENRICHED_FORMAT_H_INCLUDED_ */
