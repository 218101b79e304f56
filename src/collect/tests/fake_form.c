#include "round_fixture.h"
#include <stdlib.h>
static FormProgram *P;
static FormChoice *mk(FormList*l, Arena*k, Str n){ FormChoice*c=list_add(k,&l->choices); *c=(FormChoice){.name=n}; return c; }
FormId fixture_form(Db *db, Store *s, Arena *a) {
  if(!P){ static Arena k; k=arena_open(1<<20); P=arena_new(&k,FormProgram,1);
    Str names[]={S("hai_long"),S("kenh"),S("gop_y"),S("tinh")}; QuestionType t[]={Q_SELECT_ONE,Q_SELECT_MULTIPLE,Q_TEXT,Q_SELECT_ONE}; int li[]={0,1,-1,2};
    Str ch[3][3]={{S("1"),S("2"),S("3")},{S("web"),S("mang"),S("loa")},{S("01"),S("24"),S("")}};
    for(int i=0;i<3;i++){FormList*l=list_add(&k,&P->lists); *l=(FormList){0}; for(int j=0;j<3;j++) if(ch[i][j].len) mk(l,&k,ch[i][j]);}
    for(int i=0;i<4;i++){FormNode*n=list_add(&k,&P->nodes); *n=(FormNode){.name=names[i],.type=t[i],.list=li[i],.answer=i,.parent=-1,.required=-1,.relevant=-1,.constraint=-1,.calculation=-1};}
    P->answer_count=4; }
  return (FormId){1}; }
int form_find(const FormProgram*p, Str n){ for(size_t i=0;i<p->nodes.len;i++) if(str_eq(p->nodes.at[i].name,n)) return (int)i; return -1; }
Err form_program(Db*db,Store*s,Arena*a,FormId id,const FormProgram**out){*out=P;return OK;}
FormAnswers form_answers_new(Arena*a,const FormProgram*p){return (FormAnswers){arena_new(a,Str,p->answer_count)};}
void form_answers_load(Arena*a,const FormProgram*p,const Json*j,FormAnswers*out){ JSON_EACH(m,j){int n=form_find(p,m->key); if(n>=0) out->at[p->nodes.at[n].answer]=m->text;} }
void page_open(Out*o,const Page*p){} void page_close(Out*o,const Page*p){}
