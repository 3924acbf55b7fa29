
/*
 * The texts of all phrases in French.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_translation.h"
#include "ngx_carrierpay_language_fr_sms.h"


ngx_carrierpay_text(AGAIN, "Réessayer");

ngx_carrierpay_text(ALERT, "Attention :");

ngx_carrierpay_text(APPROVE_ADVICE,
    "Cette page s’actualise automati\xc2\xad"
    "quement. Il est inutile de payer à nouveau.");
ngx_carrierpay_text(APPROVE_TEXT,
    "Votre opérateur vous le demande sur votre téléphone : validez-y le"
    " paiement, avec votre code secret.");
ngx_carrierpay_text(APPROVE_TITLE, "Validez sur votre téléphone");
ngx_carrierpay_text(AUTHORIZED_TEXT,
    "Le montant est réservé. La boutique le débite quand elle livre, et"
    " libère ce qu’elle ne débite pas.");
ngx_carrierpay_text(AUTHORIZED_TITLE, "Votre paiement est réservé");

ngx_carrierpay_text(BARRED,
    "Le paiement sur facture mobile n’est pas possible avec cette ligne.");
ngx_carrierpay_text(BARRED_AGAIN, "Essayer avec un autre mobile");
ngx_carrierpay_text(BARRED_FREE, "Rien n’a été débité.");
ngx_carrierpay_text(BARRED_HOST, "Sur le réseau de");
ngx_carrierpay_text(BARRED_INSTEAD, "Ce que vous pouvez faire");
ngx_carrierpay_text(BARRED_OPERATOR, "Votre opérateur");
ngx_carrierpay_text(BARRED_TITLE, "Cette ligne ne peut pas payer ici");

ngx_carrierpay_text(BILL,
    "ajouté à votre facture {{operator}}{{#host}} (réseau"
    " {{host}}){{/host}}");

ngx_carrierpay_text(CANCEL, "Ne pas payer");

ngx_carrierpay_text(CANCELED_TEXT, "Rien n’a été débité.");
ngx_carrierpay_text(CANCELED_TITLE, "Ce paiement a été annulé");

ngx_carrierpay_text(CODE, "Votre opérateur a refusé le paiement.");
ngx_carrierpay_text(CODE_AMOUNT_NOT_ALLOWED,
    "Ce montant ne peut pas être ajouté à une facture de votre"
    " opérateur.");
ngx_carrierpay_text(CODE_BLOCKED_BY_SUBSCRIBER,
    "Les achats sont bloqués pour ce numéro.");
ngx_carrierpay_text(CODE_CATEGORY_NOT_ALLOWED,
    "Votre opérateur n’autorise pas ce type d’achat sur facture.");
ngx_carrierpay_text(CODE_CURRENCY_MISMATCH,
    "Votre opérateur ne facture pas dans cette devise.");
ngx_carrierpay_text(CODE_CURRENCY_NOT_SUPPORTED,
    "Votre opérateur ne facture pas dans cette devise.");
ngx_carrierpay_text(CODE_DECLINED_BY_SUBSCRIBER,
    "Le paiement n’a pas été validé sur le téléphone.");
ngx_carrierpay_text(CODE_FIXED_LINE,
    "Ce numéro est celui d’une ligne fixe. Seules les lignes mobiles"
    " peuvent payer.");
ngx_carrierpay_text(CODE_INSUFFICIENT_FUNDS,
    "Votre solde ou votre crédit est insuffisant.");
ngx_carrierpay_text(CODE_LIMIT_DAY,
    "Avec cet achat, la ligne dépasserait son plafond de dépenses du jour."
    " Elle pourra payer à nouveau demain.");
ngx_carrierpay_text(CODE_LIMIT_EXCEEDED,
    "Un plafond de dépenses est atteint pour cette période.");
ngx_carrierpay_text(CODE_LIMIT_MONTH,
    "Avec cet achat, la ligne dépasserait son plafond de dépenses du mois."
    " Elle pourra payer à nouveau le premier du mois prochain.");
ngx_carrierpay_text(CODE_LIMIT_TOTAL,
    "Les achats dans cette boutique, ou chez votre opérateur, ont atteint leur"
    " plafond du jour ou du mois : aucun autre ne peut être pris pour"
    " l’instant.");
ngx_carrierpay_text(CODE_LIMIT_WEEK,
    "Avec cet achat, la ligne dépasserait son plafond de dépenses de la"
    " semaine. Elle pourra payer à nouveau lundi.");
ngx_carrierpay_text(CODE_MERCHANT_NOT_ALLOWED,
    "Cette boutique ne peut pas être payée avec votre opérateur.");
ngx_carrierpay_text(CODE_MVNO_BARRED,
    "Les achats sur facture ne sont pas possibles chez votre opérateur.");
ngx_carrierpay_text(CODE_NO_CONTRACT,
    "Cette boutique ne peut pas être payée avec votre opérateur.");
ngx_carrierpay_text(CODE_NOT_A_NUMBER,
    "Ce n’est pas un numéro de téléphone qui peut payer ici.");
ngx_carrierpay_text(CODE_NUMBER_PORTED,
    "Votre numéro a changé d’opérateur. Il doit être reconnu à nouveau.");
ngx_carrierpay_text(CODE_OPERATOR_NOT_CONNECTED,
    "Votre opérateur ne propose pas ici le paiement sur facture.");
ngx_carrierpay_text(CODE_OPERATOR_UNAVAILABLE,
    "Votre opérateur est injoignable.");
ngx_carrierpay_text(CODE_OVER_LIMIT,
    "Le prix dépasse ce que votre opérateur autorise pour un achat.");
ngx_carrierpay_text(CODE_SERVICE_NOT_ALLOWED,
    "Cette boutique ne peut pas être payée avec votre opérateur.");
ngx_carrierpay_text(CODE_SUBSCRIBER_BLOCKED,
    "Les achats sont bloqués sur votre ligne. Votre opérateur peut les"
    " débloquer.");
ngx_carrierpay_text(CODE_SUBSCRIBER_NOT_ELIGIBLE,
    "Votre ligne ne permet pas ce paiement.");
ngx_carrierpay_text(CODE_SUBSCRIBER_NOT_FOUND,
    "Votre opérateur ne connaît pas cette ligne.");

ngx_carrierpay_text(CONFIRM_PAY, "Payer {{amount}}{{gap}}{{currency}}");
ngx_carrierpay_text(CONFIRM_RESERVE,
    "Réserver {{amount}}{{gap}}{{currency}}");
ngx_carrierpay_text(CONFIRM_RESERVED,
    "Le montant est réservé maintenant. La boutique le débite sous sept jours,"
    " en tout ou en partie, une seule fois. {{^monthly}}Ceci n’est pas un"
    " abonnement.{{/monthly}}{{#monthly}}Avec le bouton, vous acceptez les"
    " deux : ce prix et les débits ultérieurs.{{/monthly}}");
ngx_carrierpay_text(CONFIRM_SOON,
    "C’était très rapide. Regardez encore une fois le prix, puis appuyez"
    " à nouveau.");
ngx_carrierpay_text(CONFIRM_TERMS,
    "{{^monthly}}Vous payez une seule fois. Ceci n’est pas un abonnement."
    "{{/monthly}}{{#monthly}}Avec le bouton, vous acceptez les deux : le prix"
    " maintenant et les débits ultérieurs.{{/monthly}}");
ngx_carrierpay_text(CONFIRM_TITLE, "Confirmez votre paiement");

ngx_carrierpay_text(COUNTRY, "Pays");
ngx_carrierpay_text(COUNTRY_BE, "Belgique");
ngx_carrierpay_text(COUNTRY_BF, "Burkina Faso");
ngx_carrierpay_text(COUNTRY_BJ, "Bénin");
ngx_carrierpay_text(COUNTRY_CD, "RD Congo");
ngx_carrierpay_text(COUNTRY_CF, "République centrafricaine");
ngx_carrierpay_text(COUNTRY_CG, "Congo");
ngx_carrierpay_text(COUNTRY_CH, "Suisse");
ngx_carrierpay_text(COUNTRY_CI, "Côte d’Ivoire");
ngx_carrierpay_text(COUNTRY_CM, "Cameroun");
ngx_carrierpay_text(COUNTRY_DE, "Allemagne");
ngx_carrierpay_text(COUNTRY_DZ, "Algérie");
ngx_carrierpay_text(COUNTRY_ES, "Espagne");
ngx_carrierpay_text(COUNTRY_FR, "France");
ngx_carrierpay_text(COUNTRY_GA, "Gabon");
ngx_carrierpay_text(COUNTRY_GB, "Royaume-Uni");
ngx_carrierpay_text(COUNTRY_GH, "Ghana");
ngx_carrierpay_text(COUNTRY_GN, "Guinée");
ngx_carrierpay_text(COUNTRY_IE, "Irlande");
ngx_carrierpay_text(COUNTRY_IT, "Italie");
ngx_carrierpay_text(COUNTRY_KE, "Kenya");
ngx_carrierpay_text(COUNTRY_LU, "Luxembourg");
ngx_carrierpay_text(COUNTRY_MA, "Maroc");
ngx_carrierpay_text(COUNTRY_MG, "Madagascar");
ngx_carrierpay_text(COUNTRY_ML, "Mali");
ngx_carrierpay_text(COUNTRY_NE, "Niger");
ngx_carrierpay_text(COUNTRY_NG, "Nigeria");
ngx_carrierpay_text(COUNTRY_NL, "Pays-Bas");
ngx_carrierpay_text(COUNTRY_PT, "Portugal");
ngx_carrierpay_text(COUNTRY_RW, "Rwanda");
ngx_carrierpay_text(COUNTRY_SN, "Sénégal");
ngx_carrierpay_text(COUNTRY_TD, "Tchad");
ngx_carrierpay_text(COUNTRY_TG, "Togo");
ngx_carrierpay_text(COUNTRY_TN, "Tunisie");
ngx_carrierpay_text(COUNTRY_TZ, "Tanzanie");
ngx_carrierpay_text(COUNTRY_UG, "Ouganda");
ngx_carrierpay_text(COUNTRY_ZA, "Afrique du Sud");

ngx_carrierpay_text(DATE, "Date");

ngx_carrierpay_text(DECLINED, "Le paiement a été refusé.");
ngx_carrierpay_text(DECLINED_ADVICE,
    "Rien n’a été débité. Vous pouvez réessayer, ou payer avec une autre"
    " ligne.");
ngx_carrierpay_text(DECLINED_OTHER, "Payer avec une autre ligne");

ngx_carrierpay_text(DIR, "ltr");

ngx_carrierpay_text(ERROR, "Erreur :");

ngx_carrierpay_text(EXPIRED_TEXT,
    "Il n’a pas été confirmé à temps. Rien n’a été débité.");
ngx_carrierpay_text(EXPIRED_TITLE, "Ce paiement a expiré");

ngx_carrierpay_text(FAILED_ADVICE, "Rien n’a été débité.");
ngx_carrierpay_text(FAILED_TITLE, "Le paiement n’a pas abouti");

ngx_carrierpay_text(FOOTER, "Paiement sur facture mobile");

ngx_carrierpay_text(FRAMED_TEXT,
    "Cette page était affichée dans une autre qui n’en a pas le droit."
    " Rien n’a été débité.");

ngx_carrierpay_text(HELP, "Aide au paiement :");

ngx_carrierpay_text(IDENTIFY_TITLE, "Votre numéro de mobile");

ngx_carrierpay_text(INSTEAD,
    "Payez avec une autre ligne, ou choisissez un autre moyen de"
    " paiement dans la boutique.");
ngx_carrierpay_text(INSTEAD_AMOUNT_NOT_ALLOWED,
    "Choisissez un autre montant, ou un autre moyen de paiement dans la"
    " boutique.");
ngx_carrierpay_text(INSTEAD_BLOCKED_BY_SUBSCRIBER,
    "Le titulaire de la ligne l’a demandé, et notre service client peut"
    " lever ce blocage pour lui. D’ici là, payez avec une autre ligne ou"
    " choisissez un autre moyen de paiement dans la boutique.");
ngx_carrierpay_text(INSTEAD_CURRENCY_NOT_SUPPORTED,
    "Demandez à la boutique un prix dans la devise de votre facture, ou"
    " choisissez-y un autre moyen de paiement.");
ngx_carrierpay_text(INSTEAD_FIXED_LINE,
    "Payez avec une ligne mobile : saisissez son numéro, ou ouvrez cette"
    " page sur le téléphone.");
ngx_carrierpay_text(INSTEAD_MVNO_BARRED,
    "Cela dépend de votre opérateur, et non du seul réseau. Payez avec"
    " une ligne d’un autre opérateur, ou choisissez un autre moyen de"
    " paiement dans la boutique.");
ngx_carrierpay_text(INSTEAD_OPERATOR_NOT_CONNECTED,
    "Payez avec une ligne d’un autre opérateur, ou choisissez un autre"
    " moyen de paiement dans la boutique.");
ngx_carrierpay_text(INSTEAD_OVER_LIMIT,
    "Achetez moins à la fois, ou choisissez un autre moyen de paiement"
    " dans la boutique.");

ngx_carrierpay_text(LANG, "fr");

ngx_carrierpay_text(LATER_CHARGES,
    "Ensuite, <bdi>{{merchant}}</bdi> pourra débiter jusqu’à {{monthly}} par"
    " mois sans vous redemander, jusqu’à ce que vous y mettiez fin.");

ngx_carrierpay_text(LIMITED_TEXT,
    "Trop de demandes sont venues de vous ou de votre réseau. Patientez"
    " un instant et réessayez ; rien ne peut être débité deux fois.");
ngx_carrierpay_text(LIMITED_TITLE, "Un peu moins vite, s’il vous plaît");

ngx_carrierpay_text(LINE, "Ligne mobile");

ngx_carrierpay_text(MAIL_LABEL, "Adresse e-mail");
ngx_carrierpay_text(MAIL_MALFORMED,
    "Saisissez une adresse e-mail comme nom@\xe2\x80\x8b" "example.com.");
ngx_carrierpay_text(MAIL_MANY,
    "Le reçu a été envoyé à autant d’adresses que possible.");
ngx_carrierpay_text(MAIL_RECEIPT,
    "Merci de votre achat.\n\n"
    "Boutique :  {{merchant}}\n"
    "Article :   {{description}}\n"
    "Prix :      {{price}}\n"
    "{{#tax}}Taxe :      {{tax}}, comprise\n"
    "{{/tax}}"
    "Paiement :  ajouté une fois à votre facture {{operator}}\n"
    "{{#monthly}}Ensuite :   la boutique peut débiter jusqu’à {{monthly}} par"
    " mois sans redemander\n"
    "{{/monthly}}{{#line}}Ligne :     {{line}}\n"
    "{{/line}}{{#date}}Date :      {{date}}\n"
    "{{/date}}{{#order}}Commande :  {{order}}\n"
    "{{/order}}Référence : {{reference}}\n"
    "{{#support}}Aide :      {{support}}\n"
    "{{/support}}{{#stop_url}}\n"
    "Pour bloquer tout achat futur dans cette boutique :\n"
    "{{stop_url}}\n"
    "{{/stop_url}}");
ngx_carrierpay_text(MAIL_REFUND,
    "Vous êtes remboursé.\n\n"
    "Boutique :      {{merchant}}\n"
    "Article :       {{description}}\n"
    "Remboursement : {{price}}\n"
    "Versé sur :     votre facture ou votre compte {{operator}}\n"
    "{{#line}}Ligne :         {{line}}\n"
    "{{/line}}{{#date}}Payé le :       {{date}}\n"
    "{{/date}}{{#order}}Commande :      {{order}}\n"
    "{{/order}}Référence :     {{reference}}\n"
    "{{#support}}Aide :          {{support}}\n"
    "{{/support}}");
ngx_carrierpay_text(MAIL_SEND, "Envoyer le reçu");
ngx_carrierpay_text(MAIL_SENT, "Le reçu sera envoyé à cette adresse.");
ngx_carrierpay_text(MAIL_SENT_TO, "Le reçu sera envoyé à {{mailed}}.");
ngx_carrierpay_text(MAIL_SUBJECT,
    "Reçu : {{price}} à {{merchant}}");
ngx_carrierpay_text(MAIL_SUBJECT_REFUND,
    "Remboursement : {{price}} de {{merchant}}");
ngx_carrierpay_text(MAIL_TITLE, "Reçu par e-mail");

ngx_carrierpay_text(MISSING_TEXT,
    "Le lien est incomplet ou erroné. Retournez à la boutique et"
    " recommencez.");
ngx_carrierpay_text(MISSING_TITLE, "Ce paiement n’existe pas");

ngx_carrierpay_text(MO_FREE,
    "Le SMS coûte ce que prévoit votre forfait. Rien n’est acheté avant"
    " que vous ne confirmiez le prix sur cette page.");
ngx_carrierpay_text(MO_INSTEAD, "Envoyer plutôt un SMS");
ngx_carrierpay_text(MO_NUMBER, "Saisir plutôt votre numéro");
ngx_carrierpay_text(MO_OPEN, "Ouvrir les SMS");
ngx_carrierpay_text(MO_SEND, "{{mo_text}} au {{mo_number}}");
ngx_carrierpay_text(MO_TEXT,
    "Envoyez ce SMS depuis le mobile à débiter :");
ngx_carrierpay_text(MO_TITLE, "Envoyez-nous un SMS");
ngx_carrierpay_text(MO_UNAVAILABLE,
    "Cette ligne ne peut pas être reconnue par un SMS. Saisissez son"
    " numéro.");
ngx_carrierpay_text(MO_WAIT,
    "Vous recevez alors un SMS avec le prix. Répondez-y comme il l’indique"
    " pour donner votre accord : cette page s’actualise automati\xc2\xad"
    "quement.");
ngx_carrierpay_text(MO_WORD, "OUI");

ngx_carrierpay_text(MOBILE_AGAIN, "Essayer en données mobiles");
ngx_carrierpay_text(MOBILE_TEXT,
    "Sur votre téléphone, désactivez le Wi-Fi pour passer par les"
    " données mobiles : votre ligne est alors reconnue"
    " automati\xc2\xad" "quement.");
ngx_carrierpay_text(MOBILE_TITLE, "Payer sans code");

ngx_carrierpay_text(NUMBER_EXHAUSTED,
    "Plus aucun code ne peut être envoyé pour ce paiement. Retournez à"
    " la boutique et recommencez, ou ouvrez cette page sur le téléphone"
    " lui-même, en données mobiles.");
ngx_carrierpay_text(NUMBER_FOREIGN,
    "Ce numéro n’appartient à aucun opérateur accepté ici. Vérifiez-le,"
    " ou utilisez une autre ligne.");
ngx_carrierpay_text(NUMBER_FREE, "Le SMS est gratuit.");
ngx_carrierpay_text(NUMBER_OPERATOR,
    "Vous semblez être client de {{guess}}.");
ngx_carrierpay_text(NUMBER_PRICE, "Vous reverrez le prix avant de payer.");
ngx_carrierpay_text(NUMBER_HINT, "Nous envoyons un code par SMS à ce numéro.");
ngx_carrierpay_text(NUMBER_LABEL, "Numéro de mobile");
ngx_carrierpay_text(NUMBER_LATER,
    "Trop de codes ont été demandés. Patientez puis réessayez, ou ouvrez"
    " cette page sur le téléphone lui-même, en données mobiles.");
ngx_carrierpay_text(NUMBER_LOCKED,
    "Trop de codes erronés ont été saisis pour ce numéro : il ne peut plus"
    " payer avec un code pendant 24 heures, sauf dans un navigateur où il a"
    " déjà payé. Vous pouvez encore payer tout de suite avec les données"
    " mobiles du téléphone, ou en envoyant un SMS depuis celui-ci là où"
    " c’est proposé.");
ngx_carrierpay_text(NUMBER_LOCKED_HERE,
    "Trop de codes erronés ont été saisis pour ce numéro : il ne peut plus"
    " payer avec un code dans ce navigateur pendant 24 heures. Vous pouvez"
    " encore payer tout de suite avec les données mobiles du téléphone, ou"
    " en envoyant un SMS depuis celui-ci là où c’est proposé.");
ngx_carrierpay_text(NUMBER_MISSING, "Saisissez votre numéro de mobile.");
ngx_carrierpay_text(NUMBER_NO_SMS,
    "Aucun code ne peut être envoyé par SMS aux lignes de cet opérateur."
    " Ouvrez cette page sur le téléphone lui-même, en données mobiles.");
ngx_carrierpay_text(NUMBER_SEND, "Recevoir le code");
ngx_carrierpay_text(NUMBER_TITLE, "Avec votre numéro");
ngx_carrierpay_text(NUMBER_WAIT,
    "Un code vient d’être envoyé à un autre numéro.");

ngx_carrierpay_text(OPEN_SEND, "Continuer");
ngx_carrierpay_text(OPEN_TEXT,
    "Continuez pour voir ce qu’il y a à payer. Rien n’est débité avant votre"
    " confirmation.");
ngx_carrierpay_text(OPEN_TITLE, "Votre paiement");

ngx_carrierpay_text(ORDER, "Commande");

ngx_carrierpay_text(PAID_BY, "Paiement");

ngx_carrierpay_text(PIN, "Le code n’a pas pu être vérifié.");
ngx_carrierpay_text(PIN_AGAIN, "Vous pourrez réessayer dans {{later}}.");
ngx_carrierpay_text(PIN_CHANGED,
    "Ce code correspond à un autre numéro ou à un autre prix."
    " Demandez-en un nouveau.");
ngx_carrierpay_text(PIN_EXHAUSTED,
    "Trop de codes erronés : celui-ci n’est plus valable. Demandez-en un"
    " nouveau.");
ngx_carrierpay_text(PIN_HINT, "Six chiffres, valables cinq minutes.");
ngx_carrierpay_text(PIN_LABEL, "Code reçu par SMS");
ngx_carrierpay_text(PIN_LAST, "Il vous reste un essai.");
ngx_carrierpay_text(PIN_LATER,
    "Trop de codes erronés ont été saisis depuis cette connexion.");
ngx_carrierpay_text(PIN_LEFT, "Il vous reste {{left}} essais.");
ngx_carrierpay_text(PIN_LOCKED,
    "Trop de codes erronés ont été saisis pour ce numéro : il ne peut plus"
    " payer avec un code pendant 24 heures, sauf dans un navigateur où il a"
    " déjà payé. Rien n’a été débité. Vous pouvez encore payer tout de"
    " suite avec les données mobiles du téléphone, ou en envoyant un SMS"
    " depuis celui-ci là où c’est proposé.");
ngx_carrierpay_text(PIN_LOCKED_HERE,
    "Trop de codes erronés ont été saisis pour ce numéro : il ne peut plus"
    " payer avec un code dans ce navigateur pendant 24 heures. Rien n’a été"
    " débité. Vous pouvez encore payer tout de suite avec les données mobiles"
    " du téléphone, ou en envoyant un SMS depuis celui-ci là où c’est"
    " proposé.");
ngx_carrierpay_text(PIN_LOST,
    "Ce code ne peut plus être vérifié. Demandez-en un nouveau ; cet essai"
    " ne compte pas.");
ngx_carrierpay_text(PIN_MALFORMED, "Le code a six chiffres.");
ngx_carrierpay_text(PIN_MOVED,
    "Votre connexion a changé depuis l’ouverture de cette page. Pour"
    " être sûrs que c’est bien vous, nous vous avons envoyé un code.");
ngx_carrierpay_text(PIN_NO_RESEND,
    "Plus aucun code ne peut être envoyé pour ce paiement.");
ngx_carrierpay_text(PIN_NONE,
    "Ce code est trop ancien. Demandez-en un nouveau.");
ngx_carrierpay_text(PIN_OVER,
    "Trop de codes erronés ont été saisis depuis cette connexion, et ce code"
    " ne sera plus valable au prochain essai. Demandez-en un nouveau.");
ngx_carrierpay_text(PIN_OTHER, "Modifier le numéro");
ngx_carrierpay_text(PIN_NEEDED,
    "Pour être sûrs que cette ligne est la vôtre, nous vous avons envoyé"
    " un code.");
ngx_carrierpay_text(PIN_RESEND, "Envoyer un nouveau code");
ngx_carrierpay_text(PIN_SENT_AGAIN,
    "Un nouveau code est en route. Le précédent n’est plus valable.");
ngx_carrierpay_text(PIN_TEXT,
    "Nous avons envoyé un SMS avec un code au {{line}}.");
ngx_carrierpay_text(PIN_TITLE, "Saisissez votre code");
ngx_carrierpay_text(PIN_TOO_SOON,
    "Un code vient d’être envoyé. Il peut mettre une minute à arriver.");
ngx_carrierpay_text(PIN_WAIT, "Vous pourrez en redemander un dans {{wait}}.");
ngx_carrierpay_text(PIN_WRONG, "Ce n’est pas le code du SMS.");

ngx_carrierpay_text(PRICE, "{{amount}}{{gap}}<small>{{currency}}</small>");

ngx_carrierpay_text(PRIVACY, "Données personnelles");

ngx_carrierpay_text(PROCESSING_ADVICE, "Il est inutile de payer à nouveau.");
ngx_carrierpay_text(PROCESSING_TEXT,
    "Votre opérateur n’a pas encore répondu. Cette page s’actualise"
    " automati\xc2\xad"
    "quement ; vous pouvez aussi la fermer, la boutique sera prévenue dès"
    " que possible.");
ngx_carrierpay_text(PROCESSING_TITLE, "Un instant, s’il vous plaît");

ngx_carrierpay_text(PROVIDER,
    "Paiement sur facture mobile, fourni par {{provider}}");

ngx_carrierpay_text(RECEIPT_TITLE, "C’est payé. Merci !");

ngx_carrierpay_text(REFERENCE, "Référence");

ngx_carrierpay_text(REFUNDED, "Remboursé");
ngx_carrierpay_text(REFUNDED_PRICE, "{{refunded}}{{gap}}{{currency}}");

ngx_carrierpay_text(REFUSED_TEXT,
    "Cette demande ne venait pas de notre propre page : rien n’a été"
    " fait et rien n’a été débité.");
ngx_carrierpay_text(REFUSED_TITLE, "Ouvrez la page elle-même");

ngx_carrierpay_text(REJECTED_TEXT,
    "Nous ne pouvons pas répondre à cette demande, et rien n’a été débité."
    " Ouvrez de nouveau le lien de votre paiement.");
ngx_carrierpay_text(REJECTED_TITLE, "Cela n’a pas fonctionné");

ngx_carrierpay_text(RETURN, "Retour à <bdi>{{merchant}}</bdi>");
ngx_carrierpay_text(RETURN_SOON,
    "Retour dans dix secondes. Touchez la page pour rester.");

ngx_carrierpay_text(STOP_BACK, "Retour au reçu");
ngx_carrierpay_text(STOP_LINK, "Bloquer les achats futurs");
ngx_carrierpay_text(STOP_NONE_TEXT, "Aucune ligne n’a payé ici.");
ngx_carrierpay_text(STOP_NONE_TITLE, "Il n’y a rien à bloquer");
ngx_carrierpay_text(STOP_SEND, "Bloquer <bdi>{{merchant}}</bdi>");
ngx_carrierpay_text(STOP_TEXT,
    "<bdi>{{merchant}}</bdi> ne pourra plus débiter votre facture mobile."
    " Ce que"
    " vous avez payé reste payé.");
ngx_carrierpay_text(STOP_TITLE, "Bloquer les achats ?");

ngx_carrierpay_text(STOPPED_ADVICE,
    "Notre service client peut lever ce blocage pour vous.");
ngx_carrierpay_text(STOPPED_TEXT,
    "La boutique ne peut plus débiter votre facture mobile.");
ngx_carrierpay_text(STOPPED_TITLE, "Les achats sont bloqués");

ngx_carrierpay_text(SUPPORT, "Une question ?");

ngx_carrierpay_text(TAX, "Taxe comprise");
ngx_carrierpay_text(TAX_PRICE, "{{tax}}{{gap}}{{currency}}");

ngx_carrierpay_text(TERMS, "Conditions de vente");

ngx_carrierpay_text(TEST, "Paiement de test : aucun argent n’est débité.");

ngx_carrierpay_text(TITLE, "{{merchant}}, {{amount}}{{gap}}{{currency}}");

ngx_carrierpay_text(TOUCH_TEXT,
    "Le paiement n’a pas été lancé par un appui sur notre page : rien"
    " n’a été débité. Rouvrez la page et appuyez sur le bouton si vous"
    " voulez payer.");
ngx_carrierpay_text(TOUCH_TITLE, "Appuyez vous-même sur le bouton");

ngx_carrierpay_text(UNAVAILABLE_TEXT,
    "Le service ne peut pas répondre à l’instant. Réessayez bientôt ;"
    " rien ne peut être débité deux fois.");
ngx_carrierpay_text(UNAVAILABLE_TITLE, "Impossible pour le moment");

ngx_carrierpay_text(WAIT_MINUTES, "minutes");
ngx_carrierpay_text(WAIT_SECOND, "seconde");
ngx_carrierpay_text(WAIT_SECONDS, "secondes");

ngx_carrierpay_text(WAIT_TEXT,
    "Vous recevrez le reçu par SMS dès que ce sera payé.");

ngx_carrierpay_text(WHY_ABSENT,
    "Votre ligne n’a pas été reconnue. C’est normal en Wi-Fi, avec un"
    " VPN ou dans un navigateur qui économise les données.");
ngx_carrierpay_text(WHY_CONFLICT,
    "Votre ligne n’a pas été reconnue : votre connexion annonce"
    " plusieurs numéros, aucun n’est donc retenu.");
ngx_carrierpay_text(WHY_DUPLICATE,
    "Votre ligne n’a pas été reconnue : votre connexion annonce"
    " plusieurs numéros, aucun n’est donc retenu.");
ngx_carrierpay_text(WHY_FIXED,
    "Vous êtes sur le réseau fixe de votre opérateur. Votre ligne mobile"
    " n’est reconnue qu’en données mobiles.");
ngx_carrierpay_text(WHY_FORGED,
    "Votre ligne n’a pas été reconnue : ce que votre connexion en dit ne"
    " vient pas de votre opérateur.");
ngx_carrierpay_text(WHY_LOST,
    "Votre code n’a plus pu être vérifié, et rien n’a été débité."
    " Demandez-en un autre.");
ngx_carrierpay_text(WHY_MALFORMED,
    "Votre ligne n’a pas été reconnue : ce que votre connexion en dit"
    " n’est pas un numéro de votre opérateur.");
ngx_carrierpay_text(WHY_NO_AGENT,
    "Votre ligne n’a pas été reconnue : votre navigateur ne dit pas ce"
    " qu’il est.");
ngx_carrierpay_text(WHY_OFF_NETWORK,
    "Votre ligne n’a pas été reconnue : vous êtes en Wi-Fi, ou sur un"
    " réseau qui n’est pas celui de votre opérateur.");
ngx_carrierpay_text(WHY_OTHER, "Utilisez une autre ligne.");
ngx_carrierpay_text(WHY_PROXY,
    "Votre ligne n’a pas été reconnue : votre connexion passe par un"
    " proxy ou un navigateur qui économise les données.");
ngx_carrierpay_text(WHY_RELAY,
    "Votre navigateur masque votre connexion derrière un relais privé."
    " Inutile d’y changer quoi que ce soit : votre numéro suffit.");
ngx_carrierpay_text(WHY_STALE,
    "Votre ligne n’a pas été reconnue : ce que votre connexion en dit"
    " est trop ancien. Essayez encore une fois.");
ngx_carrierpay_text(WHY_UNAVAILABLE,
    "Votre ligne n’a pas pu être reconnue à l’instant.");
ngx_carrierpay_text(WHY_UNTRUSTED,
    "Votre ligne n’a pas été reconnue : cette connexion ne vient pas du"
    " réseau mobile d’un opérateur accepté ici.");
ngx_carrierpay_text(WHY_USED,
    "Cette page ne vaut que pour une visite, et celle-ci est terminée."
    " Votre ligne doit être reconnue à nouveau.");
ngx_carrierpay_text(WHY_VPN,
    "Votre ligne n’a pas été reconnue : votre connexion passe par un"
    " VPN.");


const ngx_carrierpay_language_t  ngx_carrierpay_language_fr = {
    ngx_string("fr"),
    NGX_CARRIERPAY_LOCALE_FR,
    { NGX_CARRIERPAY_PHRASES(ngx_carrierpay_text_row) }
};
