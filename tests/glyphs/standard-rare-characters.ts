/**
 * Of the table of general standard Chinese characters (通用规范汉字表, State Council 2013, 8,105 in all) characters of
 * the third level that GB18030 writes with four bytes: what a registered name may hold and no printer's own font has.
 */
export const standardRareCharacters =
  '𠙶𬣙𨙸𬇕𬣞𬘓𫭟𫭢㧑𫇭𫐄㕮𫵷𣲘𣲗𬇙㳇𬣡𫸩䢺𨚕𫘜𬘘𫘝䢼𦭜𬨂𬀩𬀪㟃𬬩㑊𫍣𬣳𬩽𬮿𬯀𫰛𬳵𬳶䌹𫠊㛃𬍛鿍𬜬𦰡㭕𪾢𪨰𫓧𬬮𬬱𬬭䏡𦙶' +
  '㶲㳚㳘𬘡𬳽𬘩𫄧𪟝𬍤𫭼𬜯𬂩𫠆𨐈𬌗𫑡𪨶𬬸𬬻𬬹𬬿𬭁𫢸𫗧𬊈𬒈𨺙㛚𬳿𫄨𬘫䂮𫮃㙍䓫䓬䓨䓛鿎㫰𬱖𬟽䎃𫓯𫟹𫟼㿠䝙䏲𠅤𬇹𬍡㥄𬤇𫍯𬤊𫍲' +
  '𬯎𬘬𬘭𬴂𫘦𫟅𬘯𫘧㙘𪣻𡎚𬃊𬷕𫐐𬹼𧿹𫶇𫖮鿏𬭊𨱇𫓶𬭎𫖯䐃𬱟𫛭㺄𫷷𬮱𬊤𣸣㴔㛹𬴃𫘨𤧛𬪩𬒔䃅𬨎𫐓䣘𫫇㬊𫓹𬭚𬭛𬕂𬶋𬶍𦝼𫔶𫌀𫖳𫘪𫘬𫞩' +
  '𡐓𪤗𣗋𬸘䃎𬒗𥔲𫚖㬎𨱏𬭤㙦𫚕𬶐𬶏𩽾𬸚㽏㮾𬤝𬙂㻬䗖㠇𬭩𩾃㵐𬸣𫍽𬴊𬞟𥕢𫟦𬺈𫠜㬚䗛㠓𪩘𬭬𨱑𬭯𫗴𬸦𫄷𤩽𬭳𬭶𫔍𬭸𨱔𬭼𫔎𬸪𬶟𬶠䗪' +
  '𬶨𦈡𫄸𬟁𥖨䗴𦒍䎖𬙊㰀𬶭𩾌𨟠𬶮𨭉㸌𬙋𤫉𬺓𫚭'
