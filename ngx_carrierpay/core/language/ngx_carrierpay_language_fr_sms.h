
/*
 * The texts of SMS in French, for the file of the language: in the GSM 7-bit
 * default alphabet, see ngx_carrierpay_translation.h.
 */


#ifndef _NGX_CARRIERPAY_LANGUAGE_FR_SMS_H_INCLUDED_
#define _NGX_CARRIERPAY_LANGUAGE_FR_SMS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_translation.h"


ngx_carrierpay_text(SMS_AGREED,
    "Merci. Retournez à la page pour payer {{price}} à"
    " {{merchant}}.");
ngx_carrierpay_text(SMS_ANSWERED,
    "Merci. Retournez à la page : elle demande un code que nous vous"
    " envoyons avant de payer {{price}} à {{merchant}}.");
ngx_carrierpay_text(SMS_ASK,
    "{{merchant}} : {{price}} sur votre facture mobile{{#monthly}}, puis"
    " jusqu'à {{monthly}} par mois sans redemander, jusqu'à votre"
    " STOP{{/monthly}}. Pour payer, répondez PAYER {{code}}. Sinon, ne faites"
    " rien : rien ne sera débité.");
ngx_carrierpay_text(SMS_CODE_UNKNOWN,
    "Ce code est inconnu ou trop ancien, rien n'a été débité. Retournez"
    " à la page et demandez-en un autre.");
ngx_carrierpay_text(SMS_HELP,
    "Paiements sur facture mobile.{{#merchant}} Dernier :"
    " {{merchant}}.{{/merchant}}{{#support}} Aide :"
    " {{support}}.{{/support}} STOP : bloquer les achats.");
ngx_carrierpay_text(SMS_INFO,
    "Un prix que vous confirmez est ajouté une fois à votre facture mobile ;"
    " une boutique ne peut débiter ensuite que le montant par mois que vous"
    " avez accepté.{{#support}} Aide : {{support}}.{{/support}} STOP :"
    " bloquer les achats.");
ngx_carrierpay_text(SMS_PIN,
    "{{merchant}} : votre code est {{code}} pour payer {{price}}{{#monthly}}"
    " et autoriser ensuite jusqu'à {{monthly}} par mois{{/monthly}}."
    " Ne le donnez à personne.");
ngx_carrierpay_text(SMS_RECEIPT,
    "{{merchant}} : paiement de {{price}} sur votre facture"
    " {{operator}}.{{#monthly}} La boutique peut débiter ensuite jusqu'à"
    " {{monthly}} par mois sans redemander.{{/monthly}} Réf"
    " {{reference}}.{{#support}} Aide :"
    " {{support}}.{{/support}} Pour bloquer les achats, répondez STOP.");
ngx_carrierpay_text(SMS_REFUND,
    "{{merchant}} : remboursement de {{price}} sur votre facture ou compte"
    " {{operator}}. Réf {{reference}}.{{#support}} Aide :"
    " {{support}}{{/support}}");
ngx_carrierpay_text(SMS_STOPPED,
    "C'est fait : {{merchant}} ne peut plus débiter ce"
    " numéro.{{#support}} Aide : {{support}}{{/support}}");
ngx_carrierpay_text(SMS_STOPPED_ALL,
    "C'est fait : plus aucun marchand ne peut débiter ce numéro par"
    " notre service. Les paiements passés ne changent pas.");


#endif /* _NGX_CARRIERPAY_LANGUAGE_FR_SMS_H_INCLUDED_ */
