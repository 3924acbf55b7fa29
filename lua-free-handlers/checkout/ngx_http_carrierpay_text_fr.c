
/*
 * The pages' texts in French.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_pages.h"


#define ngx_http_carrierpay_text(name, text)                                  \
    { ngx_string(name), ngx_string(text) }


const ngx_http_carrierpay_text_t  ngx_http_carrierpay_text_fr[] = {

    ngx_http_carrierpay_text("lang", "fr"),
    ngx_http_carrierpay_text("test",
        "Paiement de test : aucun argent n’est débité."),
    ngx_http_carrierpay_text("footer", "Paiement sur facture mobile"),
    ngx_http_carrierpay_text("paid_by", "Paiement"),
    ngx_http_carrierpay_text("bill",
        "ajouté à votre facture {{operator}}"),
    ngx_http_carrierpay_text("line", "Ligne mobile"),
    ngx_http_carrierpay_text("reference", "Référence"),
    ngx_http_carrierpay_text("again", "Réessayer"),
    ngx_http_carrierpay_text("return", "Retour à {{merchant}}"),
    ngx_http_carrierpay_text("return_soon",
        "Vous y serez redirigé dans cinq secondes."),
    ngx_http_carrierpay_text("cancel",
        "Ne pas payer, retour à {{merchant}}"),

    /* the confirmation */

    ngx_http_carrierpay_text("confirm_title", "Confirmez votre paiement"),
    ngx_http_carrierpay_text("confirm_pay",
        "Payer {{amount}}&nbsp;{{currency}}"),
    ngx_http_carrierpay_text("confirm_terms",
        "Vous payez une seule fois. Ceci n’est pas un abonnement."),

    /* whose line is it? */

    ngx_http_carrierpay_text("identify_title", "Quelle ligne mobile paie ?"),
    ngx_http_carrierpay_text("why_absent",
        "Votre ligne n’a pas été reconnue. C’est normal en Wi-Fi, avec"
        " un VPN ou dans un navigateur qui économise les données."),
    ngx_http_carrierpay_text("why_untrusted",
        "Votre ligne n’a pas été reconnue : cette connexion ne vient pas"
        " du réseau mobile d’un opérateur accepté ici."),
    ngx_http_carrierpay_text("why_duplicate",
        "Votre ligne n’a pas été reconnue : votre connexion annonce"
        " plusieurs numéros, aucun n’est donc retenu."),
    ngx_http_carrierpay_text("why_malformed",
        "Votre ligne n’a pas été reconnue : ce que votre connexion en dit"
        " n’est pas un numéro de votre opérateur."),
    ngx_http_carrierpay_text("why_off_network",
        "Votre ligne n’a pas été reconnue : vous êtes en Wi-Fi, ou sur un"
        " réseau qui n’est pas celui de votre opérateur."),
    ngx_http_carrierpay_text("why_fixed",
        "Vous êtes sur le réseau fixe de votre opérateur. Votre ligne mobile"
        " n’est reconnue qu’en données mobiles."),
    ngx_http_carrierpay_text("why_relay",
        "Votre navigateur masque votre connexion derrière un relais privé."
        " Inutile d’y changer quoi que ce soit : votre numéro suffit."),
    ngx_http_carrierpay_text("why_vpn",
        "Votre ligne n’a pas été reconnue : votre connexion passe par un"
        " VPN."),
    ngx_http_carrierpay_text("why_proxy",
        "Votre ligne n’a pas été reconnue : votre connexion passe par un"
        " proxy ou un navigateur qui économise les données."),
    ngx_http_carrierpay_text("why_conflict",
        "Votre ligne n’a pas été reconnue : votre connexion annonce"
        " plusieurs numéros, aucun n’est donc retenu."),
    ngx_http_carrierpay_text("why_forged",
        "Votre ligne n’a pas été reconnue : ce que votre connexion en dit ne"
        " vient pas de votre opérateur."),
    ngx_http_carrierpay_text("why_stale",
        "Votre ligne n’a pas été reconnue : ce que votre connexion en dit"
        " est trop ancien. Essayez encore une fois."),
    ngx_http_carrierpay_text("why_no_agent",
        "Votre ligne n’a pas été reconnue : votre navigateur ne dit pas ce"
        " qu’il est."),
    ngx_http_carrierpay_text("why_unavailable",
        "Votre ligne n’a pas pu être reconnue à l’instant."),
    ngx_http_carrierpay_text("why_used",
        "Cette page ne vaut que pour une visite, et celle-ci est terminée."
        " Votre ligne doit être reconnue à nouveau."),
    ngx_http_carrierpay_text("mobile_title", "Sur votre téléphone"),
    ngx_http_carrierpay_text("mobile_text",
        "Désactivez le Wi-Fi pour passer par les données mobiles de votre"
        " opérateur, puis réessayez."),
    ngx_http_carrierpay_text("mobile_again",
        "Réessayer en données mobiles"),
    ngx_http_carrierpay_text("number_title", "Avec votre numéro"),
    ngx_http_carrierpay_text("number_label", "Numéro de mobile"),
    ngx_http_carrierpay_text("number_hint",
        "Avec l’indicatif du pays, comme +33 ou +237"),
    ngx_http_carrierpay_text("number_send", "Continuer"),
    ngx_http_carrierpay_text("number_missing",
        "Saisissez votre numéro de mobile."),
    ngx_http_carrierpay_text("number_foreign",
        "Ce numéro n’appartient à aucun opérateur accepté ici."
        " Vérifiez-le, ou utilisez une autre ligne."),
    ngx_http_carrierpay_text("number_no_sms",
        "Votre opérateur est connu, mais aucun code ne peut encore vous être"
        " envoyé par SMS. Ouvrez cette page sur le téléphone lui-même, en"
        " données mobiles."),

    ngx_http_carrierpay_text("number_later",
        "Trop de codes ont été demandés. Patientez puis réessayez, ou ouvrez"
        " cette page sur le téléphone lui-même, en données mobiles."),

    /* this line may not pay; "instead_" and the reason: what else to do */

    ngx_http_carrierpay_text("barred_title",
        "Cette ligne ne peut pas payer ici"),
    ngx_http_carrierpay_text("barred_operator", "Votre opérateur"),
    ngx_http_carrierpay_text("barred_host", "Sur le réseau de"),
    ngx_http_carrierpay_text("barred_free", "Vous n’avez pas été débité."),
    ngx_http_carrierpay_text("barred_instead", "Ce que vous pouvez faire"),
    ngx_http_carrierpay_text("barred_again",
        "Faire reconnaître une autre ligne en données mobiles"),
    ngx_http_carrierpay_text("barred_",
        "Le paiement sur facture mobile n’est pas possible avec cette ligne."),
    ngx_http_carrierpay_text("instead_",
        "Payez avec une autre ligne, ou choisissez un autre moyen de"
        " paiement dans la boutique."),
    ngx_http_carrierpay_text("instead_fixed_line",
        "Payez avec une ligne mobile : saisissez son numéro, ou ouvrez cette"
        " page sur le téléphone."),
    ngx_http_carrierpay_text("instead_operator_not_connected",
        "Payez avec une ligne d’un autre opérateur, ou choisissez un autre"
        " moyen de paiement dans la boutique."),
    ngx_http_carrierpay_text("instead_mvno_barred",
        "Cela dépend de votre fournisseur, et non du seul réseau. Payez avec"
        " une ligne d’un autre fournisseur, ou choisissez un autre moyen de"
        " paiement dans la boutique."),
    ngx_http_carrierpay_text("instead_over_limit",
        "Achetez moins à la fois, ou choisissez un autre moyen de paiement"
        " dans la boutique."),
    ngx_http_carrierpay_text("instead_amount_not_allowed",
        "Choisissez un autre montant, ou un autre moyen de paiement dans la"
        " boutique."),
    ngx_http_carrierpay_text("instead_currency_not_supported",
        "Demandez à la boutique un prix dans la devise de votre facture, ou"
        " choisissez-y un autre moyen de paiement."),
    ngx_http_carrierpay_text("instead_blocked_by_subscriber",
        "Le titulaire de la ligne l’a demandé, et notre service client peut"
        " lever ce blocage pour lui. D’ici là, payez avec une autre ligne ou"
        " choisissez un autre moyen de paiement dans la boutique."),

    /* the receipt */

    ngx_http_carrierpay_text("receipt_title", "C’est payé. Merci !"),

    /* messages */

    ngx_http_carrierpay_text("processing_title",
        "Un instant, s’il vous plaît"),
    ngx_http_carrierpay_text("processing_text",
        "Votre opérateur n’a pas encore répondu. Cette page se met à jour"
        " toute seule ; vous pouvez aussi la fermer, la boutique sera"
        " prévenue dès que possible."),
    ngx_http_carrierpay_text("processing_advice",
        "Il est inutile de payer à nouveau."),
    ngx_http_carrierpay_text("failed_title", "Le paiement n’a pas abouti"),
    ngx_http_carrierpay_text("failed_advice",
        "Vous n’avez pas été débité."),
    ngx_http_carrierpay_text("expired_title", "Ce paiement a expiré"),
    ngx_http_carrierpay_text("expired_text",
        "Il n’a pas été confirmé à temps. Vous n’avez pas été"
        " débité."),
    ngx_http_carrierpay_text("canceled_title", "Ce paiement a été annulé"),
    ngx_http_carrierpay_text("canceled_text",
        "Vous n’avez pas été débité."),
    ngx_http_carrierpay_text("missing_title", "Ce paiement n’existe pas"),
    ngx_http_carrierpay_text("missing_text",
        "Le lien est incomplet ou erroné. Retournez à la boutique et"
        " recommencez."),
    ngx_http_carrierpay_text("limited_title",
        "Un peu moins vite, s’il vous plaît"),
    ngx_http_carrierpay_text("limited_text",
        "Trop de demandes sont venues de vous ou de votre réseau. Patientez"
        " un instant et réessayez ; vous ne pouvez pas être débité deux"
        " fois."),
    ngx_http_carrierpay_text("unavailable_title",
        "Impossible pour le moment"),
    ngx_http_carrierpay_text("unavailable_text",
        "Le service ne peut pas répondre à l’instant. Réessayez"
        " bientôt ; vous ne pouvez pas être débité deux fois."),

    /* why a payment failed: "code_" and its failure code */

    ngx_http_carrierpay_text("code_",
        "Votre opérateur a refusé le paiement."),
    ngx_http_carrierpay_text("code_insufficient_funds",
        "Votre solde ou votre crédit est insuffisant."),
    ngx_http_carrierpay_text("code_limit_exceeded",
        "Un plafond de dépenses est atteint pour cette période."),
    ngx_http_carrierpay_text("code_amount_not_allowed",
        "Ce montant ne peut pas être ajouté à une facture de votre"
        " opérateur."),
    ngx_http_carrierpay_text("code_currency_mismatch",
        "Votre opérateur ne facture pas dans cette devise."),
    ngx_http_carrierpay_text("code_no_contract",
        "Cette boutique ne peut pas être payée avec votre opérateur."),
    ngx_http_carrierpay_text("code_merchant_not_allowed",
        "Cette boutique ne peut pas être payée avec votre opérateur."),
    ngx_http_carrierpay_text("code_subscriber_not_found",
        "Votre opérateur ne connaît pas cette ligne."),
    ngx_http_carrierpay_text("code_subscriber_not_eligible",
        "Votre ligne ne permet pas ce paiement."),
    ngx_http_carrierpay_text("code_subscriber_blocked",
        "Les achats sont bloqués sur votre ligne. Votre opérateur peut les"
        " débloquer."),
    ngx_http_carrierpay_text("code_declined_by_subscriber",
        "Le paiement a été refusé."),
    ngx_http_carrierpay_text("code_operator_unavailable",
        "Votre opérateur est injoignable."),

    /* and why it was not even tried: the reasons of eligibility */

    ngx_http_carrierpay_text("code_not_a_number",
        "Ce n’est pas un numéro de téléphone qui peut payer ici."),
    ngx_http_carrierpay_text("code_fixed_line",
        "Ce numéro est celui d’une ligne fixe. Seules les lignes mobiles"
        " peuvent payer."),
    ngx_http_carrierpay_text("code_operator_not_connected",
        "Votre opérateur ne propose pas ici le paiement sur facture."),
    ngx_http_carrierpay_text("code_number_ported",
        "Votre numéro a changé d’opérateur. Il doit être reconnu à nouveau."),
    ngx_http_carrierpay_text("code_mvno_barred",
        "Les achats sur facture ne sont pas possibles chez votre"
        " fournisseur."),
    ngx_http_carrierpay_text("code_currency_not_supported",
        "Votre opérateur ne facture pas dans cette devise."),
    ngx_http_carrierpay_text("code_over_limit",
        "Le prix dépasse ce que votre opérateur autorise pour un achat."),
    ngx_http_carrierpay_text("code_service_not_allowed",
        "Cette boutique ne peut pas être payée avec votre opérateur."),
    ngx_http_carrierpay_text("code_blocked_by_subscriber",
        "Les achats sont bloqués pour ce numéro."),

    { ngx_null_string, ngx_null_string }
};
